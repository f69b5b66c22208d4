using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History;

public sealed class MessageRulesTests
{
    private readonly MessageRules _rules = new(new ManualTimeProvider(Samples.Now), TimeSpan.FromMinutes(5));

    [Fact]
    public void Messages_in_order_are_accepted()
    {
        Assert.Null(_rules.Check(Samples.Tick(Samples.Now, 1, 2)));
        Assert.Null(_rules.Check(Samples.Tick(Samples.Now) with { Gpus = [] }));
        Assert.Null(_rules.Check(Samples.Host(Samples.Now)));
        Assert.Null(_rules.Check(Samples.Process(1, ProcessChange.Started, Samples.Now)));
        Assert.Null(_rules.Check(Samples.Verdict(1, Samples.Now, WorkloadKind.Gaming)));
    }

    [Theory]
    [InlineData("", "empty:nodeId")]
    [InlineData("  ", "empty:nodeId")]
    [InlineData(null, "empty:nodeId")]
    [InlineData("a\0b", "control-character:nodeId")]
    [InlineData("a\nb", "control-character:nodeId")]
    public void A_node_id_must_be_readable(string? nodeId, string problem) =>
        Assert.Equal(problem, _rules.Check(Samples.Tick(Samples.Now) with { NodeId = nodeId! }));

    [Fact]
    public void Instants_must_be_plausible()
    {
        Assert.Equal("in-the-future:sampledAt", _rules.Check(Samples.Tick(Samples.Now.AddMinutes(6))));
        Assert.Null(_rules.Check(Samples.Tick(Samples.Now.AddMinutes(4))));
        Assert.Equal("too-old:sampledAt", _rules.Check(Samples.Tick(default)));
        Assert.Equal("too-old:observedAt", _rules.Check(Samples.Verdict(1, default, WorkloadKind.Gaming)));
        var unborn = Samples.Process(1, ProcessChange.Started, Samples.Now) with { StartedAt = DateTimeOffset.MaxValue };
        Assert.Equal("in-the-future:startedAt", _rules.Check(unborn));
    }

    public static TheoryData<string, GpuSample> ImpossibleGpus => new()
    {
        { "empty:uuid", Samples.Gpu with { Uuid = null! } },
        { "missing:name", Samples.Gpu with { Name = null! } },
        { "too-long:name", Samples.Gpu with { Name = new string('x', 257) } },
        { "not-a-number:utilizationPercent", Samples.Gpu with { UtilizationPercent = double.NaN } },
        { "out-of-range:utilizationPercent", Samples.Gpu with { UtilizationPercent = 100.5 } },
        { "not-a-number:powerWatts", Samples.Gpu with { PowerWatts = double.PositiveInfinity } },
        { "out-of-range:temperatureCelsius", Samples.Gpu with { TemperatureCelsius = -300 } },
        { "negative:memoryUsedBytes", Samples.Gpu with { MemoryUsedBytes = -1 } },
        { "not-positive:pid", Samples.Gpu with { Processes = [new() { Pid = 0, StartedAt = Samples.Started }] } },
        { "missing:processes", Samples.Gpu with { Processes = [null!] } },
        { "too-long:error", Samples.Gpu with { Error = new string('x', 1025) } },
    };

    [Theory]
    [MemberData(nameof(ImpossibleGpus))]
    public void An_impossible_field_refuses_the_message_by_name(string problem, GpuSample gpu) =>
        Assert.Equal(problem, _rules.Check(Samples.Tick(Samples.Now) with { Gpus = [gpu] }));

    [Fact]
    public void Lists_are_bounded_and_hold_no_gpu_twice()
    {
        var tick = Samples.Tick(Samples.Now);

        Assert.Equal("missing:gpus", _rules.Check(tick with { Gpus = null! }));
        Assert.Equal("missing:gpus", _rules.Check(tick with { Gpus = [null!] }));
        Assert.Equal("twice:uuid", _rules.Check(tick with { Gpus = [Samples.Gpu, Samples.Gpu] }));
        Assert.Equal("too-many:gpus", _rules.Check(tick with { Gpus = [.. Enumerable.Range(0, 257).Select(i => Samples.Gpu with { Uuid = $"{i}" })] }));
    }

    [Fact]
    public void Processes_need_an_identity_and_known_words()
    {
        var process = Samples.Process(1, ProcessChange.Started, Samples.Now);

        Assert.Equal("not-positive:pid", _rules.Check(process with { Pid = -1 }));
        Assert.Equal("empty:gpuUuid", _rules.Check(process with { GpuUuid = "" }));
        Assert.Equal("missing:commandLine", _rules.Check(process with { CommandLine = ["a", null!] }));
        Assert.Equal("missing:ancestors", _rules.Check(process with { Ancestors = [null!] }));
        Assert.Equal("unknown:change", _rules.Check(process with { Change = (ProcessChange)9 }));
        Assert.Equal("unknown:context", _rules.Check(process with { Context = (GpuContext)9 }));
        Assert.Equal("too-long:commandLine", _rules.Check(process with { CommandLine = [new string('x', 300_000)] }));
        Assert.Equal("out-of-range:confidence", _rules.Check(Samples.Verdict(1, Samples.Now, WorkloadKind.Gaming, confidence: 1.01)));
        Assert.Equal("unknown:kind", _rules.Check(Samples.Verdict(1, Samples.Now, (WorkloadKind)99)));
        Assert.Equal("missing:collector", _rules.Check(Samples.Host(Samples.Now) with { Collector = null! }));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("\uD83D\uDE00", "\uD83D\uDE00")]
    [InlineData(null, null)]
    public void Text_is_made_storable_and_otherwise_left_alone(string? text, string? stored) => Assert.Equal(stored, Text.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("x\uFFFD", Text.Clean("x\uD83D"));

    public static TheoryData<string, ProcessScope?, IReadOnlyDictionary<string, string>?> ImpossiblePlaces => new()
    {
        { "unknown:scope.runtime", new() { Runtime = (ProcessRuntime)99 }, null },
        { "too-long:scope.containerId", new() { ContainerId = new string('x', 4097) }, null },
        { "too-long:scope.podUid", new() { PodUid = new string('x', 65) }, null },
        { "too-long:scope.unit", new() { Unit = new string('x', 4097) }, null },
        { "too-long:scope.applicationId", new() { ApplicationId = new string('x', 4097) }, null },
        { "missing:environment", null, new Dictionary<string, string> { ["A"] = null! } },
        { "too-long:environment", null, new Dictionary<string, string> { ["A"] = new string('x', 65_536) } },
        { "empty:environment", null, new Dictionary<string, string> { [""] = "x" } },
        { "control-character:environment", null, new Dictionary<string, string> { ["A\0"] = "x" } },
    };

    [Theory]
    [MemberData(nameof(ImpossiblePlaces))]
    public void An_impossible_place_refuses_the_message_by_name(string problem, ProcessScope? scope, IReadOnlyDictionary<string, string>? environment) =>
        Assert.Equal(problem, _rules.Check(Samples.Process(1, ProcessChange.Started, Samples.Now) with { Scope = scope, Environment = environment }));
}
