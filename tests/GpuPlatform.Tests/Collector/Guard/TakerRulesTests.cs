using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class TakerRulesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(WorkloadKind.Gaming, 3 * GiB, true)]
    [InlineData(WorkloadKind.Rendering, 3 * GiB, true)]
    [InlineData(WorkloadKind.MlTraining, 3 * GiB, true)]
    [InlineData(WorkloadKind.Gaming, 20 * MiB, false)]
    [InlineData(WorkloadKind.LlmInference, 20 * GiB, false)]
    [InlineData(WorkloadKind.Desktop, 4 * GiB, false)]
    [InlineData(WorkloadKind.Browser, 4 * GiB, false)]
    [InlineData(WorkloadKind.Video, 4 * GiB, false)]
    [InlineData(WorkloadKind.General, 20 * GiB, false)]
    public void The_kind_decides_and_a_trace_of_memory_does_not_take_a_gpu(WorkloadKind kind, long memory, bool takes) =>
        Assert.Equal(takes, Judge(Process(7, "program", memory: memory), Verdict(7, kind)) is not null);

    [Fact]
    public void Memory_that_the_driver_does_not_tell_is_no_excuse() => Assert.NotNull(Judge(Process(7, "game", memory: null), Verdict(7, WorkloadKind.Gaming)));

    [Fact]
    public void The_reason_names_the_program_its_kind_and_why()
    {
        var taker = Judge(Process(7, "eldenring.exe"), Verdict(7, WorkloadKind.Gaming, "00-1-2-01"));
        Assert.Equal("eldenring.exe is gaming (the test says so), with 3.0 GiB", taker?.Reason);
        Assert.Equal((true, "00-1-2-01", WorkloadKind.Gaming), (taker?.IsGame, taker?.TraceParent, taker?.Process.Kind));
    }

    [Theory]
    [InlineData("program", "program")]
    [InlineData("PROGRAM", "program")]
    [InlineData("other, program", "program")]
    [InlineData("/usr/bin/program", "program")]
    [InlineData("/usr/bin/", "program")]
    [InlineData("A very long name of a program.exe", "A very long nam")]
    public void A_persons_list_comes_before_the_classifier(string list, string name)
    {
        Assert.Null(Judge(Process(7, name), Verdict(7, WorkloadKind.Gaming), new GuardOptions { Ignore = list }));
        Assert.NotNull(Judge(Process(7, name, memory: 1), Verdict(7, WorkloadKind.Browser), new GuardOptions { Exclusive = list }));
    }

    [Fact]
    public void A_name_on_a_list_means_no_other_that_begins_like_it() =>
        Assert.NotNull(Judge(Process(7, "program2"), Verdict(7, WorkloadKind.Gaming), new GuardOptions { Ignore = "program, /usr/bin/program" }));

    [Theory]
    [InlineData("mystery", GpuContext.Compute, 10 * MiB, true)]
    [InlineData("mystery", GpuContext.ComputeAndGraphics, 10 * MiB, true)]
    [InlineData("mystery", GpuContext.Graphics, 2 * GiB, true)]
    [InlineData("mystery", GpuContext.Graphics, 200 * MiB, false)]
    [InlineData("gnome-shell", GpuContext.ComputeAndGraphics, 2 * GiB, false)]
    [InlineData("Xorg", GpuContext.Graphics, 2 * GiB, false)]
    [InlineData("kwin_wayland", GpuContext.Graphics, 900 * MiB, false)]
    public void Without_a_verdict_a_stranger_counts_after_a_while_and_the_desktop_never(string name, GpuContext context, long memory, bool takes)
    {
        var process = new ForeignProcess(Process(7, name, context, memory), null, TimeSpan.Zero);
        var rules = new TakerRules(new GuardOptions());
        Assert.Null(rules.Judge(process, 1.9 * Second).Taker);
        Assert.Equal(takes ? 2 * Second : null, rules.Judge(process, Second).AskAgainAt);
        Assert.Equal(takes, rules.Judge(process, 2 * Second).Taker is not null);
    }

    [Fact]
    public void Graphics_of_no_known_kind_that_draw_a_lot_for_long_enough_count()
    {
        var watch = new ProcessWatch(new TakerRules(new GuardOptions()));
        Assert.Null(Look(0, 90).Taker);
        Assert.Equal(5 * Second, Look(0, 90).AskAgainAt);
        // The same reading twice says no more than once
        Assert.Null(Look(6, 90, readAtSecond: 0).Taker);
        Assert.Null(Look(7, 10).Taker);
        Assert.Null(Look(8, 90).Taker);
        Assert.Null(Look(12, 90).Taker);
        Assert.NotNull(Look(13, 90).Taker);

        Judgement Look(int second, double sm, int? readAtSecond = null) => watch.Look(
            [(Process(7, "mygame", memory: 3 * GiB), new GpuProcessUsage { Pid = 7, StartedAt = StartedAt, MemoryUsedBytes = 3 * GiB, SmPercent = sm }, Verdict(7, WorkloadKind.General))],
            StartedAt.AddSeconds(readAtSecond ?? second), second * Second);
    }

    [Fact]
    public void A_pid_that_is_used_again_is_somebody_else()
    {
        var watch = new ProcessWatch(new TakerRules(new GuardOptions()));
        var (first, second) = (Process(7, "mystery"), Process(7, "mystery") with { StartedAt = StartedAt.AddSeconds(10) });
        Assert.Null(watch.Look([(first, null, null)], null, TimeSpan.Zero).Taker);
        Assert.Equal(12 * Second, watch.Look([(second, null, null)], null, 10 * Second).AskAgainAt);
    }

    [Fact]
    public void A_game_speaks_for_the_gpu_before_others()
    {
        var watch = new ProcessWatch(new TakerRules(new GuardOptions()));
        watch.Look([(Process(7, "blender"), null, Verdict(7, WorkloadKind.Rendering))], null, TimeSpan.Zero);
        var taker = watch.Look([(Process(7, "blender"), null, Verdict(7, WorkloadKind.Rendering)), (Process(9, "game"), null, Verdict(9, WorkloadKind.Gaming))], null, Second).Taker;
        Assert.Equal(9, taker?.Process.Pid);
    }

    private static Taker? Judge(GpuProcessObserved process, ReceivedVerdict verdict, GuardOptions? options = null) =>
        new TakerRules(options ?? new GuardOptions()).Judge(new ForeignProcess(process, null, TimeSpan.Zero) { Verdict = verdict }, TimeSpan.FromMinutes(1)).Taker;
}
