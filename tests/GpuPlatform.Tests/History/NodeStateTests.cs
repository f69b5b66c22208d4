using GpuPlatform.Contracts;
using GpuPlatform.History.Live;

namespace GpuPlatform.Tests.History;

public sealed class NodeStateTests
{
    private static readonly DateTimeOffset T = Samples.Now;
    private readonly NodeState _node = new("desk", T);

    private static DateTimeOffset At(int seconds) => T.AddSeconds(seconds);

    private int[] Pids => [.. _node.Snapshot()!.Processes.Select(process => process.Pid).Order()];

    [Fact]
    public void A_node_without_a_reading_has_no_snapshot()
    {
        _node.Apply(Samples.Process(1, ProcessChange.Started, T));

        Assert.Null(_node.Snapshot());
    }

    [Fact]
    public void An_older_tick_changes_no_reading()
    {
        _node.Apply(Samples.Tick(At(2), null) with { Gpus = [Samples.Gpu with { UtilizationPercent = 50 }] }, T);
        _node.Apply(Samples.Tick(At(0), null), T);

        Assert.Equal(50, _node.Snapshot()!.Gpus[0].UtilizationPercent);
        Assert.Equal(At(2), _node.Snapshot()!.LastSeenAt);
    }

    [Fact]
    public void A_complete_list_ends_what_it_does_not_hold()
    {
        _node.Apply(Samples.Tick(At(0), 1, 2), T);
        _node.Apply(Samples.Tick(At(2), 2), T);

        Assert.Equal([2], Pids);
    }

    [Fact]
    public void A_list_that_was_not_read_ends_nothing()
    {
        _node.Apply(Samples.Tick(At(0), 1), T);
        _node.Apply(Samples.Tick(At(2), null), T);

        Assert.Equal([1], Pids);
    }

    [Fact]
    public void A_late_list_ends_nothing_that_a_newer_one_saw()
    {
        _node.Apply(Samples.Tick(At(2), 1), T);
        _node.Apply(Samples.Tick(At(0)), T);

        Assert.Equal([1], Pids);
    }

    [Fact]
    public void What_a_late_list_saw_is_gone_when_a_newer_one_did_not_see_it()
    {
        _node.Apply(Samples.Tick(At(2), 1), T);
        _node.Apply(Samples.Tick(At(4), null), T);
        _node.Apply(Samples.Tick(At(0), 1, 2), T);

        Assert.Equal([1], Pids);
    }

    [Fact]
    public void A_start_from_before_the_newest_list_starts_nothing()
    {
        _node.Apply(Samples.Tick(At(2), 1), T);
        _node.Apply(Samples.Process(2, ProcessChange.Started, At(0)));
        _node.Apply(Samples.Process(3, ProcessChange.Started, At(2)));

        Assert.Equal([1, 3], Pids);
    }

    [Fact]
    public void A_list_known_from_the_database_keeps_ended_processes_away()
    {
        _node.Apply(Samples.Tick(At(2), null), T);
        _node.List(Samples.Gpu.Uuid, At(2));
        _node.See(Samples.Gpu.Uuid, ProcessId.From(1, Samples.Started), At(2), null);
        _node.Apply(Samples.Process(1, ProcessChange.Changed, At(0)));
        _node.Apply(Samples.Tick(At(1), 1, 2), T);

        Assert.Equal([1], Pids);
    }

    [Fact]
    public void A_late_start_does_not_bring_an_ended_process_back()
    {
        _node.Apply(Samples.Tick(At(0), null), T);
        _node.Apply(Samples.Process(1, ProcessChange.Exited, At(5)));
        _node.Apply(Samples.Process(1, ProcessChange.Started, At(1)));

        Assert.Empty(Pids);
    }

    [Fact]
    public void A_process_that_is_seen_again_is_back()
    {
        _node.Apply(Samples.Tick(At(0), 1), T);
        _node.Apply(Samples.Process(1, ProcessChange.Exited, At(1)));
        _node.Apply(Samples.Tick(At(2), 1), T);

        Assert.Equal([1], Pids);
    }

    [Fact]
    public void The_newest_verdict_wins_and_of_equal_ones_the_surer_in_any_order()
    {
        ProcessClassified[] verdicts =
        [
            Samples.Verdict(1, At(1), WorkloadKind.General, 0.99),
            Samples.Verdict(1, At(2), WorkloadKind.Gaming, 0.9),
            Samples.Verdict(1, At(2), WorkloadKind.Compute, 0.6),
        ];
        foreach (var order in new[] { verdicts, [.. verdicts.Reverse()], [verdicts[1], verdicts[2], verdicts[0]] })
        {
            var node = new NodeState("desk", T);
            node.Apply(Samples.Tick(At(0), 1), T);
            foreach (var verdict in order)
                node.Apply(verdict);

            Assert.Equal(WorkloadKind.Gaming, node.Snapshot()!.Processes[0].Kind);
        }
    }

    [Fact]
    public void A_pid_used_again_is_another_process()
    {
        _node.Apply(Samples.Tick(At(0), 1), T);
        _node.Apply(Samples.Verdict(1, At(0), WorkloadKind.Gaming) with { StartedAt = Samples.Started.AddSeconds(1) });

        Assert.Null(_node.Snapshot()!.Processes[0].Kind);
    }

    [Fact]
    public void Start_times_are_compared_as_the_database_keeps_them()
    {
        _node.Apply(Samples.Tick(At(0), 1), T);
        _node.Apply(Samples.Process(1, ProcessChange.Changed, At(1), "named") with { StartedAt = Samples.Started.AddTicks(3) });

        Assert.Equal("named", Assert.Single(_node.Snapshot()!.Processes).Name);
    }

    [Fact]
    public void A_redelivered_message_changes_nothing()
    {
        GpuSampled[] ticks = [Samples.Tick(At(0), 1, 2), Samples.Tick(At(2), 2)];
        foreach (var tick in ticks.Concat(ticks))
            _node.Apply(tick, T);

        Assert.Equal([2], Pids);
        Assert.Equal(At(2), _node.Snapshot()!.GpusSampledAt);
    }

    [Fact]
    public void Silence_makes_stale_once_and_a_newer_reading_fresh()
    {
        _node.Apply(Samples.Host(At(0)), At(0));

        Assert.False(_node.Tick(At(10), TimeSpan.FromSeconds(10)));
        Assert.True(_node.Tick(At(11), TimeSpan.FromSeconds(10)));
        Assert.False(_node.Tick(At(12), TimeSpan.FromSeconds(10)));
        Assert.True(_node.Snapshot()!.Stale);
        _node.Apply(Samples.Host(At(0)), At(13));
        Assert.True(_node.Snapshot()!.Stale);
        _node.Apply(Samples.Host(At(13)), At(13));
        Assert.False(_node.Snapshot()!.Stale);
    }

    [Fact]
    public void Processes_are_ordered_by_memory()
    {
        _node.Apply(Samples.Tick(At(0), 1, 3, 2), T);

        Assert.Equal([3, 2, 1], _node.Snapshot()!.Processes.Select(process => process.Pid));
    }
}
