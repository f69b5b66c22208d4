using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class GpuWordsTests
{
    [Fact]
    public void Why_the_fan_runs_is_told_by_its_speed_the_heat_what_holds_back_and_who_works()
    {
        var gpu = Gpu() with
        {
            TemperatureCelsius = 71,
            Details = new() { Fans = [new() { SpeedPercent = 40 }, new() { SpeedPercent = 63 }], ThrottleReasons = [GpuThrottleReason.PowerLimit] },
        };
        var node = Node(Noon, gpu) with
        {
            Processes = [Process("llama3", WorkloadKind.LlmInference, 9) with { SmPercent = 0 }, Process("game", WorkloadKind.Gaming, 5, 2) with { SmPercent = 84 }],
        };

        Assert.Equal("RTX 4090 is busy at 87 %, 71 °C, fans at 63 %, held back by its power limit: "
            + "game (gaming) takes 84 % of the GPU's time and uses 5.0 GiB; llama3 (llm-inference) holds 9.0 GiB.", Summary.Of([node], Noon));
    }

    [Fact]
    public void Whose_time_it_is_is_said_once_and_unknown_memory_is_not_spoken_of()
    {
        var node = Node(Noon, Gpu()) with
        {
            Processes = [Process("llama3", WorkloadKind.LlmInference, 9) with { SmPercent = 30 }, Process("game", WorkloadKind.Gaming, null, 2) with { SmPercent = 57 }],
        };

        Assert.Equal("RTX 4090 is busy at 87 %: game (gaming) takes 57 % of the GPU's time; llama3 (llm-inference) takes 30 % and holds 9.0 GiB.",
            Summary.Of([node], Noon));
    }

    [Fact]
    public void Fans_that_stand_still_are_off_and_unknown_ones_are_not_spoken_of()
    {
        Assert.Equal(", fans off", FanWords.Clause(Gpu() with { Details = new() { Fans = [new() { SpeedPercent = 0 }], ThrottleReasons = [GpuThrottleReason.Idle] } }));
        Assert.Equal("", FanWords.Clause(Gpu() with { TemperatureCelsius = 50, Details = new() { Fans = [] } }));
        Assert.Equal(("off", "1200 rpm", "45 %"), (Fan(0, 0), Fan(null, 1200), Fan(45, null)));
        Assert.Null(Fan(null, null));
    }

    [Theory]
    [InlineData(GpuState.Sleeping, null, "RTX 4090 is asleep and left so.")]
    [InlineData(GpuState.Lost, "GPU is lost.", "RTX 4090 is lost: GPU is lost.")]
    [InlineData(GpuState.Stalled, "no answer for 12 s", "RTX 4090 cannot be read, its driver hangs: no answer for 12 s.")]
    [InlineData(GpuState.Failing, null, "RTX 4090 does not answer: no reason was given.")]
    [InlineData(GpuState.Active, "gone", "RTX 4090 does not answer: gone.")]
    public void A_gpu_without_readings_says_why(GpuState state, string? error, string expected)
    {
        var gpu = Gpu() with { State = state, Error = error };

        Assert.Equal(expected, Summary.Of([Node(Noon, gpu)], Noon));
        Assert.NotNull(GpuStateWords.Tag(gpu));
        Assert.NotNull(GpuStateWords.Sentence(gpu));
    }

    [Fact]
    public void Details_from_before_a_long_game_are_not_spoken_of_in_the_present_tense()
    {
        var gpu = Gpu() with { Details = new() { ReadAt = Noon.AddMinutes(-2), Fans = [new() { SpeedPercent = 40 }] } };

        Assert.Equal("RTX 4090 is busy at 87 %: the driver lists no process, so who uses it cannot be told.", Summary.Of([Node(Noon, gpu)], Noon));
        Assert.Contains("fans at 40 %", Summary.Of([Node(Noon.AddMinutes(-1.5), gpu)], Noon), StringComparison.Ordinal);
    }

    [Fact]
    public void Those_that_want_help_come_first_and_sleepers_last()
    {
        var summary = Summary.Of([Node(Noon, Gpu("a", 10), Gpu("b", 20, "B", 1), Gpu("c", null, "C", 2) with { State = GpuState.Sleeping },
            Gpu("d", 30, "D", 3), Gpu("e", null, "E", 4) with { State = GpuState.Lost, Error = "gone" })], Noon);

        Assert.StartsWith("E is lost: gone. D is at 30 %", summary);
        Assert.EndsWith("1 more GPU is less busy. 1 more GPU is asleep.", summary);
    }

    [Fact]
    public void Heat_from_two_sources_is_one_cause_and_an_alarm_while_a_power_limit_is_none()
    {
        var hot = new GpuDetails { ThrottleReasons = [GpuThrottleReason.SoftwareThermal, GpuThrottleReason.HardwareThermal, GpuThrottleReason.PowerLimit] };
        var limited = new GpuDetails { ThrottleReasons = [GpuThrottleReason.PowerLimit] };

        Assert.Equal(("held back by heat and its power limit", true), (ThrottleWords.Of(hot), ThrottleWords.IsAlarming(hot)));
        Assert.False(ThrottleWords.IsAlarming(limited));
        Assert.Null(ThrottleWords.Of(new GpuDetails { ThrottleReasons = [GpuThrottleReason.Idle] }));
        Assert.Null(ThrottleWords.Of(null));
        Assert.All(Enum.GetValues<GpuThrottleReason>().Where(reason => reason != GpuThrottleReason.Idle),
            reason => Assert.NotNull(ThrottleWords.Of(new GpuDetails { ThrottleReasons = [reason] })));
    }

    [Fact]
    public void Memory_errors_codes_and_what_the_driver_asks_for_are_troubles()
    {
        var gpu = Gpu() with
        {
            Details = new()
            {
                Ecc = new() { UncorrectedVolatileCount = 2, RemapPending = true },
                RecoveryAction = GpuRecoveryAction.Reset,
                Xids = [new() { Code = 79, Count = 1, LastAt = Noon.AddMinutes(-3) }],
            },
        };

        Assert.Equal(
        [
            "2 uncorrected memory errors since the driver was loaded: results may be wrong.",
            "Broken memory waits for a reset of the GPU to be taken out of use.",
            "The driver asks for a reset of this GPU.",
            "XID 79 (fell off the bus): 1 report, the last 3 min ago.",
        ], GpuTroubles.Of(gpu, Noon));
        Assert.Empty(GpuTroubles.Of(Gpu() with { Details = new() { Ecc = new() { UncorrectedVolatileCount = 0 }, RecoveryAction = GpuRecoveryAction.None } }, Noon));
    }

    [Fact]
    public void Only_what_was_reported_is_listed()
    {
        Assert.Empty(GpuDetailRows.Of(Gpu()));
        Assert.Empty(GpuDetailRows.Of(Gpu() with { Details = new() }));
        var rows = GpuDetailRows.Of(Gpu() with
        {
            EnergyJoules = 7_200_000,
            Details = new()
            {
                GraphicsClockMegahertz = 2520, SmClockMegahertz = 2520, PerformanceState = 0, EncoderUtilizationPercent = 0, PcieGeneration = 1, PcieLaneCount = 16,
                ThermalThrottleSeconds = 3725, Facts = new() { MaxGraphicsClockMegahertz = 2745, MaxPcieGeneration = 4, MaxPcieLaneCount = 16 },
            },
        });

        Assert.Equal(
        [
            new("Core clock", "2520 MHz of 2745 MHz"), new("Performance state", "P0"), new("Encoder", "0 %"), new("Time held back by heat", "1 h 2 min"),
            new("PCI Express", "generation 1 ×16, can do generation 4 ×16"), new("Energy since driver load", "2.00 kWh"),
        ], rows);
    }

    [Fact]
    public void Instances_belong_to_their_board_and_orphans_stand_alone()
    {
        var node = Node(Noon, Gpu("board"), Gpu("one") with { ParentUuid = "board" }, Gpu("orphan") with { ParentUuid = "gone" },
            Gpu("self") with { ParentUuid = "self" }, Gpu("nested") with { ParentUuid = "one" }) with { Processes = [Process("p", null, 1, gpu: "one")] };

        Assert.Equal(["board", "orphan", "self", "nested"], GpuTree.Whole(node).Select(gpu => gpu.Uuid));
        Assert.Equal(["one"], GpuTree.Instances(node, node.Gpus[0]).Select(gpu => gpu.Uuid));
        Assert.Single(GpuTree.Processes(node, node.Gpus[0]));
    }

    [Fact]
    public void A_snapshot_with_holes_in_its_details_is_not_whole()
    {
        Assert.True(WireCheck.IsWhole(Node(Noon, Gpu() with { Details = new() { Fans = [new()], Xids = [] } })));
        Assert.False(WireCheck.IsWhole(Node(Noon, Gpu() with { Details = new() { Fans = [null!] } })));
        Assert.False(WireCheck.IsWhole(Node(Noon, Gpu() with { Details = new() { Xids = [null!] } })));
    }

    private static string? Fan(double? percent, double? rpm) => FanWords.Of(new() { Fans = [new() { SpeedPercent = percent, SpeedRpm = rpm }] });
}
