using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard.Verdicts;

public sealed class VerdictStoreTests
{
    private readonly LiveProcesses _living = new();
    private readonly VerdictStore _store;

    public VerdictStoreTests()
    {
        _store = new VerdictStore(_living);
        _living.Note(SomeVerdicts.Observed());
    }

    [Fact]
    public void The_newest_observation_wins_whatever_order_verdicts_come_in()
    {
        Assert.Null(Add(SomeVerdicts.Verdict(kind: WorkloadKind.Gaming, secondsAgo: 1)));
        Assert.Equal("older", Add(SomeVerdicts.Verdict(kind: WorkloadKind.General, secondsAgo: 5)));

        Assert.Equal(WorkloadKind.Gaming, Kind());
        Assert.Null(Add(SomeVerdicts.Verdict(kind: WorkloadKind.Rendering, secondsAgo: 0)));
        Assert.Equal(WorkloadKind.Rendering, Kind());
    }

    [Fact]
    public void Of_one_instant_the_surer_verdict_wins()
    {
        Add(SomeVerdicts.Verdict(kind: WorkloadKind.Gaming, confidence: 0.9));

        Assert.Equal("older", Add(SomeVerdicts.Verdict(kind: WorkloadKind.General, confidence: 0.2)));
        Assert.Equal(WorkloadKind.Gaming, Kind());
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_leave_an_old_verdict_standing()
    {
        var before = SomeVerdicts.Now.AddHours(2);
        Assert.Null(_store.Add(new(SomeVerdicts.Verdict(kind: WorkloadKind.General) with { ObservedAt = before }, null), before));

        Assert.Null(Add(SomeVerdicts.Verdict(kind: WorkloadKind.Gaming)));
        Assert.Equal(WorkloadKind.Gaming, Kind());
    }

    [Fact]
    public void What_is_not_on_a_GPU_is_not_kept()
    {
        Assert.Equal("ended", Add(SomeVerdicts.Verdict(pid: 12)));
        Assert.Equal("ended", Add(SomeVerdicts.Verdict() with { StartedAt = SomeVerdicts.StartedAt.AddSeconds(-1) }));

        Assert.Null(_store.Find(12, SomeVerdicts.StartedAt));
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void What_has_ended_is_forgotten()
    {
        for (var pid = 1; pid <= 1000; pid++)
        {
            _living.Note(SomeVerdicts.Observed(pid));
            Assert.Null(Add(SomeVerdicts.Verdict(pid)));
            _living.Note(SomeVerdicts.Observed(pid, change: ProcessChange.Exited));
        }

        Assert.InRange(_store.Count, 1, 32);
    }

    [Fact]
    public void A_process_on_two_GPUs_lives_until_it_has_left_both()
    {
        _living.Note(SomeVerdicts.Observed(gpu: "GPU-b"));
        _living.Note(SomeVerdicts.Observed(change: ProcessChange.Exited));

        Assert.Null(Add(SomeVerdicts.Verdict()));
    }

    [Fact]
    public void Every_verdict_taken_is_told_and_no_other()
    {
        var told = 0;
        _store.Changed += () => told++;

        Add(SomeVerdicts.Verdict(secondsAgo: 2));
        Add(SomeVerdicts.Verdict(secondsAgo: 3));
        Add(SomeVerdicts.Verdict(pid: 12));
        Add(SomeVerdicts.Verdict(secondsAgo: 1));

        Assert.Equal(2, told);
    }

    private string? Add(ProcessClassified verdict) => _store.Add(new ReceivedVerdict(verdict, TraceParent: null), SomeVerdicts.Now);

    private WorkloadKind? Kind() => _store.Find(4711, SomeVerdicts.StartedAt)?.Verdict.Kind;
}
