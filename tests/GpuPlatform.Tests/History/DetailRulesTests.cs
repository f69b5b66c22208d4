using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History;

public sealed class DetailRulesTests
{
    private readonly MessageRules _rules = new(new ManualTimeProvider(Samples.Now), TimeSpan.FromMinutes(5));

    [Fact]
    public void Details_in_order_are_accepted()
    {
        Assert.Null(Check(new GpuDetails()));
        Assert.Null(Check(new GpuDetails
        {
            Fans = [new GpuFan { SpeedPercent = 104, SpeedRpm = 3000 }, new GpuFan()],
            TemperatureMarginCelsius = -3,
            ThrottleReasons = [GpuThrottleReason.Idle],
            Ecc = new GpuEcc { CorrectedAggregateCount = long.MaxValue },
            Xids = [new GpuXid { Code = 79, Count = 1, LastAt = Samples.Now }],
            Facts = new GpuFacts { Vendor = "nvidia" },
        }));
    }

    public static TheoryData<string, GpuDetails> ImpossibleDetails => new()
    {
        { "not-a-number:details.memoryTemperatureCelsius", new() { MemoryTemperatureCelsius = double.NaN } },
        { "out-of-range:details.graphicsClockMegahertz", new() { GraphicsClockMegahertz = -1 } },
        { "missing:details.fans", new() { Fans = [null!] } },
        { "too-many:details.fans", new() { Fans = [.. Enumerable.Repeat(new GpuFan(), 65)] } },
        { "out-of-range:details.fans.speedPercent", new() { Fans = [new GpuFan { SpeedPercent = 1e6 }] } },
        { "unknown:details.throttleReasons", new() { ThrottleReasons = [(GpuThrottleReason)99] } },
        { "too-many:details.throttleReasons", new() { ThrottleReasons = [.. Enumerable.Repeat(GpuThrottleReason.Idle, 65)] } },
        { "out-of-range:details.encoderUtilizationPercent", new() { EncoderUtilizationPercent = 101 } },
        { "negative:details.pcieSentBytes", new() { PcieSentBytes = -1 } },
        { "unknown:details.recoveryAction", new() { RecoveryAction = (GpuRecoveryAction)99 } },
        { "negative:details.ecc.uncorrectedVolatileCount", new() { Ecc = new() { UncorrectedVolatileCount = -5 } } },
        { "missing:details.xids", new() { Xids = [null!] } },
        { "too-many:details.xids", new() { Xids = [.. Enumerable.Repeat(new GpuXid { Code = 1, Count = 1, LastAt = Samples.Now }, 1025)] } },
        { "in-the-future:details.xids.lastAt", new() { Xids = [new() { Code = 1, Count = 1, LastAt = DateTimeOffset.MaxValue }] } },
        { "not-a-number:details.profiling.smActivityPercent", new() { Profiling = new() { SmActivityPercent = double.PositiveInfinity } } },
        { "too-long:details.facts.vendor", new() { Facts = new() { Vendor = new string('x', 257) } } },
        { "out-of-range:details.facts.maxPcieLaneCount", new() { Facts = new() { MaxPcieLaneCount = int.MaxValue } } },
    };

    [Theory]
    [MemberData(nameof(ImpossibleDetails))]
    public void An_impossible_detail_refuses_the_message_by_name(string problem, GpuDetails details) => Assert.Equal(problem, Check(details));

    [Fact]
    public void The_new_fields_of_samples_and_heartbeats_are_checked_by_name()
    {
        Assert.Equal("unknown:state", _rules.Check(Tick(Samples.Gpu with { State = (GpuState)99 })));
        Assert.Equal("empty:parentUuid", _rules.Check(Tick(Samples.Gpu with { ParentUuid = "" })));
        Assert.Equal("out-of-range:energyJoules", _rules.Check(Tick(Samples.Gpu with { EnergyJoules = -1 })));
        Assert.Equal("out-of-range:smPercent",
            _rules.Check(Tick(Samples.Gpu with { Processes = [new() { Pid = 1, StartedAt = Samples.Started, SmPercent = 100.1 }] })));
        var host = Samples.Host(Samples.Now);
        Assert.Equal("out-of-range:loadAverage5Minutes", _rules.Check(host with { LoadAverage5Minutes = -1 }));
        Assert.Equal("negative:taskCount", _rules.Check(host with { TaskCount = -1 }));
        Assert.Equal("missing:collector.problems", _rules.Check(host with { Collector = host.Collector with { Problems = null! } }));
        Assert.Equal("missing:collector.problems", _rules.Check(host with { Collector = host.Collector with { Problems = [null!] } }));
        Assert.Equal("too-many:collector.problems", _rules.Check(host with { Collector = host.Collector with { Problems = new string[65].Select(_ => "p").ToArray() } }));
        Assert.Equal("too-long:collector.problems", _rules.Check(host with { Collector = host.Collector with { Problems = [new string('x', 1025)] } }));
    }

    private string? Check(GpuDetails details) => _rules.Check(Tick(Samples.Gpu with { Details = details }));

    private static GpuSampled Tick(GpuSample gpu) => Samples.Tick(Samples.Now) with { Gpus = [gpu] };
}
