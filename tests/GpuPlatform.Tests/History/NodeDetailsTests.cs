using GpuPlatform.Contracts;
using GpuPlatform.History.Live;
using GpuPlatform.History.Storage;

namespace GpuPlatform.Tests.History;

public sealed class NodeDetailsTests
{
    private static readonly DateTimeOffset T = Samples.Now;
    private readonly NodeState _node = new("desk", T);

    private GpuSample Gpu => _node.Snapshot()!.Gpus[0];

    [Fact]
    public void The_newest_details_stay_beside_newer_readings_and_say_when_they_were_read()
    {
        Apply(0, Clock(1000));
        Apply(2, null);

        Assert.Equal((1000, At(0)), (Gpu.Details!.GraphicsClockMegahertz, Gpu.Details.ReadAt));
        Apply(10, Clock(2000));
        Assert.Equal((2000, At(10)), (Gpu.Details!.GraphicsClockMegahertz, Gpu.Details.ReadAt));
    }

    [Fact]
    public void Details_that_come_late_replace_no_newer_ones()
    {
        Apply(10, Clock(2000));
        Apply(0, Clock(1000));

        Assert.Equal(2000, Gpu.Details!.GraphicsClockMegahertz);
    }

    [Theory]
    [InlineData(GpuState.Sleeping)]
    [InlineData(GpuState.Failing)]
    [InlineData(GpuState.Lost)]
    [InlineData(GpuState.Stalled)]
    public void A_gpu_that_does_not_answer_has_no_details_and_old_ones_do_not_come_back(GpuState state)
    {
        Apply(0, Clock(1000));
        Apply(2, null, state);
        Assert.Equal((state, null), (Gpu.State, Gpu.Details));
        Apply(4, null);
        Assert.Null(Gpu.Details);
        Apply(1, Clock(1500));
        Assert.Null(Gpu.Details);
        Apply(6, Clock(3000));
        Assert.Equal(3000, Gpu.Details!.GraphicsClockMegahertz);
    }

    [Fact]
    public void Of_a_gpu_that_left_the_host_nothing_is_kept()
    {
        Apply(0, Clock(1000));
        _node.Apply(Samples.Tick(At(2)) with { Gpus = [Samples.Gpu with { Uuid = "GPU-2" }] }, T);
        Apply(4, null);

        Assert.Null(Gpu.Details);
    }

    [Fact]
    public void A_collector_does_not_date_its_details_itself()
    {
        Apply(0, Clock(1000) with { ReadAt = At(100) });
        Apply(10, Clock(2000));

        Assert.Equal((2000, At(10)), (Gpu.Details!.GraphicsClockMegahertz, Gpu.Details.ReadAt));
    }

    [Fact]
    public void Shares_of_a_process_come_from_the_newest_list_in_any_order()
    {
        GpuSampled[] ticks = [Listed(0, 80), Samples.Tick(At(2), null), Listed(10, 20), Listed(4, 50)];
        foreach (var order in new[] { ticks, [.. ticks.Reverse()] })
        {
            var node = new NodeState("desk", T);
            foreach (var tick in order)
                node.Apply(tick, T);
            node.Apply(Samples.Process(1, ProcessChange.Changed, At(12)));

            Assert.Equal(20, Assert.Single(node.Snapshot()!.Processes).SmPercent);
        }
    }

    [Fact]
    public void Details_are_kept_and_read_back_as_they_were()
    {
        var details = Clock(1000) with
        {
            Fans = [new GpuFan { SpeedPercent = 40 }],
            ThrottleReasons = [GpuThrottleReason.PowerLimit],
            RecoveryAction = GpuRecoveryAction.DrainAndReset,
            Xids = [new GpuXid { Code = 79, Count = 2, LastAt = T }],
            Facts = new GpuFacts { Vendor = "nvidia", SerialNumber = "a\0b" },
        };

        var back = DetailDocument.Read(DetailDocument.Write(details))!;

        Assert.Equivalent(details with { Facts = details.Facts with { SerialNumber = "a\uFFFDb" } }, back, strict: true);
        Assert.DoesNotContain("u0000", DetailDocument.Write(details), StringComparison.Ordinal);
        Assert.Null(DetailDocument.Read("[]"));
    }

    private static DateTimeOffset At(int seconds) => T.AddSeconds(seconds);

    private static GpuDetails Clock(double megahertz) => new() { GraphicsClockMegahertz = megahertz };

    private static GpuSampled Listed(int seconds, double share) => Samples.Tick(At(seconds)) with
    {
        Gpus = [Samples.Gpu with { Processes = [new() { Pid = 1, StartedAt = Samples.Started, SmPercent = share }] }],
    };

    private void Apply(int seconds, GpuDetails? details, GpuState state = GpuState.Active) =>
        _node.Apply(Samples.Tick(At(seconds)) with { Gpus = [Samples.Gpu with { Details = details, State = state }] }, T);
}
