using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.Verdicts;

public sealed class VerdictHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly VerdictHistory _history = new(capacity: 100);

    [Fact]
    public void The_first_verdict_is_no_change()
    {
        var verdict = Judge(0, WorkloadKind.Gaming, 0.5)!;

        Assert.Equal((WorkloadKind.Gaming, null, null, null), (verdict.Kind, verdict.PreviousKind, verdict.ChangedAt, verdict.Candidate));
        Assert.Equal(Start, verdict.ObservedAt);
    }

    [Theory]
    [InlineData(0.5, 0.66)]
    [InlineData(0.95, 0.9)]
    public void A_verdict_that_is_surely_better_or_certain_holds_at_once(double before, double after)
    {
        Judge(0, WorkloadKind.General, before);
        var verdict = Judge(10, WorkloadKind.Gaming, after)!;

        Assert.Equal((WorkloadKind.Gaming, WorkloadKind.General), (verdict.Kind, verdict.PreviousKind));
        Assert.Equal(verdict.ObservedAt, verdict.ChangedAt);
    }

    [Fact]
    public void A_verdict_no_better_than_the_last_has_to_hold_for_three_observations()
    {
        Judge(0, WorkloadKind.Gaming, 0.7);
        var first = Judge(10, WorkloadKind.Video, 0.7)!;
        var second = Judge(20, WorkloadKind.Video, 0.7)!;
        var third = Judge(30, WorkloadKind.Video, 0.7)!;

        Assert.Equal((WorkloadKind.Gaming, WorkloadKind.Video, 1), (first.Kind, first.Candidate!.Kind, first.Candidate.ObservationCount));
        Assert.Equal((WorkloadKind.Gaming, 2, Start.AddSeconds(20)), (second.Kind, second.Candidate!.ObservationCount, second.ObservedAt));
        Assert.Equal((WorkloadKind.Video, WorkloadKind.Gaming, Start.AddSeconds(30)), (third.Kind, third.PreviousKind, third.ChangedAt));
        Assert.Null(third.Candidate);
    }

    [Fact]
    public void Or_for_a_minute()
    {
        Judge(0, WorkloadKind.Gaming, 0.7);
        Judge(10, WorkloadKind.Video, 0.7);

        Assert.Equal(WorkloadKind.Video, Judge(70, WorkloadKind.Video, 0.7)!.Kind);
    }

    [Fact]
    public void A_verdict_that_flaps_never_becomes_another()
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(WorkloadKind.Gaming, Judge(10 * i, i % 3 == 0 ? WorkloadKind.Gaming : WorkloadKind.Video, 0.6)!.Kind);
    }

    [Fact]
    public void Evidence_that_is_gone_for_a_moment_takes_nothing_away()
    {
        Judge(0, WorkloadKind.Gaming, 0.95);
        Judge(10, WorkloadKind.General, 0, rule: "general/no-evidence");
        var verdict = Judge(20, WorkloadKind.Gaming, 0.95)!;

        Assert.Equal((WorkloadKind.Gaming, null, null), (verdict.Kind, verdict.ChangedAt, verdict.Candidate));
    }

    [Fact]
    public void What_the_user_says_holds_at_once_and_no_longer_than_it_stands()
    {
        Judge(0, WorkloadKind.Gaming, 0.95);

        Assert.Equal(WorkloadKind.Compute, Judge(10, WorkloadKind.Compute, 0.5, rule: "user/mine")!.Kind);
        Assert.Equal(WorkloadKind.Gaming, Judge(20, WorkloadKind.Gaming, 0.3)!.Kind);
    }

    [Fact]
    public void One_instant_seen_twice_is_not_held_for_longer()
    {
        Judge(0, WorkloadKind.Gaming, 0.7);
        for (var i = 0; i < 5; i++)
            Assert.Equal(WorkloadKind.Gaming, Judge(10, WorkloadKind.Video, 0.7)!.Kind);
    }

    [Fact]
    public void What_comes_after_a_newer_one_is_not_answered()
    {
        Judge(20, WorkloadKind.Gaming, 0.7);

        Assert.Null(Judge(10, WorkloadKind.Video, 0.99));
        Assert.Equal(WorkloadKind.Gaming, Judge(20, WorkloadKind.Gaming, 0.7)!.Kind);
    }

    [Fact]
    public void A_clock_that_was_set_back_begins_anew()
    {
        Judge(7200, WorkloadKind.Gaming, 0.7);

        Assert.Equal(WorkloadKind.Video, Judge(0, WorkloadKind.Video, 0.3)!.Kind);
    }

    [Fact]
    public void A_change_that_could_not_be_published_is_a_change_when_it_is_tried_again()
    {
        Judge(0, WorkloadKind.General, 0.2);
        var lost = Judge(10, WorkloadKind.Gaming, 0.95)!;

        Assert.Equal(lost with { Rules = null }, Judge(10, WorkloadKind.Gaming, 0.95)! with { Rules = null });
    }

    [Fact]
    public void Replicas_that_share_a_process_say_what_one_alone_would()
    {
        VerdictHistory[] replicas = [new(100), new(100)];
        (WorkloadKind Kind, double Confidence)[] course =
            [(WorkloadKind.Gaming, 0.7), (WorkloadKind.Video, 0.7), (WorkloadKind.Gaming, 0.7), (WorkloadKind.Video, 0.6), (WorkloadKind.Video, 0.7), (WorkloadKind.Video, 0.7), (WorkloadKind.Gaming, 0.95)];

        for (var i = 0; i < course.Length; i++)
        {
            var alone = Judge(10 * i, course[i].Kind, course[i].Confidence)!;
            var shared = Judge(replicas[i % 2], Start.AddSeconds(10 * i), course[i].Kind, course[i].Confidence)!;
            foreach (var replica in replicas)
                replica.Note(shared, Start);

            Assert.Equal(alone with { Rules = null }, shared with { Rules = null });
        }
    }

    [Fact]
    public void Other_rules_judge_only_what_no_other_replica_has_seen_since()
    {
        Judge(0, WorkloadKind.Gaming, 0.7);
        Judge(0, WorkloadKind.Gaming, 0.7, pid: 2);
        _history.Note(Judge(new VerdictHistory(10), Start.AddSeconds(10), WorkloadKind.Gaming, 0.7)!, Start);

        var (held, known) = Assert.Single(_history.Newest());
        Assert.Equal((2, WorkloadKind.Gaming), (known.Pid, known.Kind));
        Assert.Equal((2, Start.AddMilliseconds(1)), (held.Pid, held.ObservedAt));
        Assert.Equal(WorkloadKind.Compute, _history.Judge(held, Fresh(WorkloadKind.Compute, 1, "user/mine"), Owner, Start)!.Kind);
        Assert.Equal(2, Assert.Single(_history.Newest()).Observed.Pid);
    }

    [Fact]
    public void Memory_is_bounded_and_what_has_ended_or_is_not_heard_of_is_forgotten()
    {
        for (var pid = 1; pid <= 1000; pid++)
            Judge(0, WorkloadKind.Gaming, 0.7, pid);
        Assert.Equal(100, _history.Count);

        for (var pid = 901; pid <= 950; pid++)
            _history.End(Observed(Start, pid), Start);
        _history.Note(Judge(0, WorkloadKind.Gaming, 0.7, pid: 1000)!, Start + VerdictHistory.ForgottenAfterExit);
        Assert.Equal(50, _history.Count);

        _history.Note(Judge(1, WorkloadKind.Gaming, 0.7, pid: 1000)!, Start + 2 * VerdictHistory.ForgottenAfter);
        Assert.Equal(1, _history.Count);
    }

    private static RuleOwner Owner(string rule) => rule switch
    {
        "product/rule" => RuleOwner.Product,
        "user/mine" => RuleOwner.User,
        _ => RuleOwner.Nobody,
    };

    private static Verdict Fresh(WorkloadKind kind, double confidence, string rule) => new([new FiredRule { Name = rule, Kind = kind, Confidence = confidence, Reason = "a test says so" }]);

    private static GpuProcessObserved Observed(DateTimeOffset at, int pid = 1) => new()
    {
        NodeId = "desk", GpuUuid = "GPU-a", Pid = pid, StartedAt = Start, Change = ProcessChange.Changed, ObservedAt = at,
    };

    private static ProcessClassified? Judge(VerdictHistory history, DateTimeOffset at, WorkloadKind kind, double confidence) =>
        history.Judge(Observed(at), Fresh(kind, confidence, "product/rule"), Owner, Start);

    private ProcessClassified? Judge(double second, WorkloadKind kind, double confidence, int pid = 1, string rule = "product/rule") =>
        _history.Judge(Observed(Start.AddSeconds(second), pid), Fresh(kind, confidence, rule), Owner, Start);
}
