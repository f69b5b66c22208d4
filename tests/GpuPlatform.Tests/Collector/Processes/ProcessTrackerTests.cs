using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class ProcessTrackerTests
{
    private const long MiB = 1 << 20;
    private readonly ProcessDouble _processes = new();
    private readonly List<GpuProcessObserved> _events = [];
    private readonly ProcessTracker _tracker;
    private DateTimeOffset _now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public ProcessTrackerTests() => _tracker = new ProcessTracker("node", _events.Add);

    [Fact]
    public void A_process_starts_once_and_exits_once()
    {
        _processes.Add(7, "game");
        Tick(("A", [Reading(7)]));
        Tick(("A", [Reading(7)]));
        Tick(("A", []));
        Tick(("A", []));
        Assert.Equal([(ProcessChange.Started, "A", 7), (ProcessChange.Exited, "A", 7)], Seen());
        var started = _events[0];
        Assert.Equal(("node", "game", GpuContext.Compute, 100 * MiB), (started.NodeId, started.Name, started.Context, started.MemoryUsedBytes));
        Assert.Equal("game", _events[1].Name);
    }

    [Fact]
    public void A_process_on_two_gpus_has_two_rows()
    {
        _processes.Add(7, "model");
        Tick(("A", [Reading(7)]), ("B", [Reading(7)]));
        Tick(("A", [Reading(7)]), ("B", []));
        Assert.Equal([(ProcessChange.Started, "A", 7), (ProcessChange.Started, "B", 7), (ProcessChange.Exited, "B", 7)], Seen());
    }

    [Fact]
    public void A_pid_used_again_is_another_process()
    {
        _processes.Add(7, "old");
        Tick(("A", [Reading(7)]));
        _processes.Add(7, "new", bornSecond: 60);
        Tick(("A", [Reading(7)]));
        Assert.Equal([ProcessChange.Started, ProcessChange.Started, ProcessChange.Exited], _events.Select(e => e.Change));
        Assert.Equal(["old", "new", "old"], _events.Select(e => e.Name));
        Assert.NotEqual(_events[0].StartedAt, _events[1].StartedAt);
        Assert.Equal(_events[0].StartedAt, _events[2].StartedAt);
    }

    [Fact]
    public void Facts_of_a_pid_that_changed_hands_while_it_was_read_are_thrown_away()
    {
        _processes.Add(7, "old");
        _processes.BeforeFacts = () => _processes.Add(7, "new", bornSecond: 60);
        Tick(("A", [Reading(7)]));
        Assert.Null(Assert.Single(_events).Name);
    }

    [Fact]
    public void A_pid_without_a_process_is_not_listed()
    {
        _tracker.BeginTick();
        Assert.Empty(_tracker.Observe("A", [Reading(7)], _processes, _now));
        Assert.Empty(_events);
    }

    [Fact]
    public void A_list_that_was_not_read_ends_no_process_that_lives()
    {
        _processes.Add(7, "game");
        _processes.Add(8, "game");
        Tick(("A", [Reading(7), Reading(8)]));
        _processes.Table.Remove(8);
        Tick();
        Assert.Equal((ProcessChange.Exited, "A", 8), Seen()[^1]);
        Assert.Equal(3, _events.Count);
    }

    [Theory]
    [InlineData(100, 355, false)] // less than 256 MiB
    [InlineData(100, 356, true)]
    [InlineData(10_000, 10_900, false)] // less than 10 %
    [InlineData(10_000, 11_000, true)]
    [InlineData(10_000, 9_000, true)]
    public void Only_a_large_step_in_memory_is_a_change(long beforeMiB, long afterMiB, bool changed)
    {
        _processes.Add(7, "model");
        Tick(("A", [Reading(7, beforeMiB)]));
        _now += TimeSpan.FromSeconds(10);
        Tick(("A", [Reading(7, afterMiB)]));
        Assert.Equal(changed, _events.Exists(e => e.Change == ProcessChange.Changed));
    }

    [Fact]
    public void Many_small_steps_add_up_to_a_change()
    {
        _processes.Add(7, "model");
        for (var i = 0; i < 30; i++)
            Tick(("A", [Reading(7, 1000 + 50 * i)]));
        Assert.Contains(_events, e => e.Change == ProcessChange.Changed);
    }

    [Fact]
    public void Changes_come_at_most_every_ten_seconds_and_the_last_is_not_lost()
    {
        _processes.Add(7, "model");
        for (var i = 0; i <= 10; i++)
            Tick(("A", [Reading(7, i % 2 == 0 ? 1000 : 5000)]));
        var last = _events[^1];
        Assert.Equal(ProcessChange.Changed, last.Change);
        var times = _events.Select(e => e.ObservedAt).ToList();
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Another_context_is_a_change()
    {
        _processes.Add(7, "game");
        Tick(("A", [Reading(7)]));
        _now += TimeSpan.FromSeconds(10);
        Tick(("A", [Reading(7) with { Context = GpuContext.ComputeAndGraphics }]));
        Assert.Equal(GpuContext.ComputeAndGraphics, _events[^1].Context);
    }

    [Fact]
    public void A_process_that_renames_itself_is_a_change_with_its_new_facts()
    {
        _processes.Add(7, "python");
        Tick(("A", [Reading(7)]));
        _processes.Add(7, "VLLM::EngineCor");
        _now += TimeSpan.FromSeconds(10);
        Tick(("A", [Reading(7)]));
        Assert.Equal((ProcessChange.Changed, "VLLM::EngineCor"), (_events[^1].Change, _events[^1].Name));
    }

    [Fact]
    public void What_settles_just_after_the_start_is_reported_once_and_soon()
    {
        _now = ProcessDouble.StartedAt.AddSeconds(1);
        _processes.Add(7, "game");
        Tick(("A", [Reading(7)]));
        _processes.Describe(7, facts => facts with { ControlGroup = "/app-steam-app1-7.scope" });
        Tick(("A", [Reading(7)]));
        Assert.Equal((ProcessChange.Changed, "/app-steam-app1-7.scope"), (_events[^1].Change, _events[^1].ControlGroup));
        _processes.Describe(7, facts => facts with { ControlGroup = "/later" });
        Tick(("A", [Reading(7)]));
        Tick(("A", [Reading(7)]));
        Assert.Equal(2, _events.Count);
    }

    [Fact]
    public void What_stays_as_it_was_at_the_start_is_not_reported_again()
    {
        _now = ProcessDouble.StartedAt.AddSeconds(1);
        _processes.Add(7, "game");
        for (var i = 0; i < 10; i++)
            Tick(("A", [Reading(7)]));
        Assert.Single(_events);
    }

    [Fact]
    public void A_process_that_is_ending_keeps_what_was_known_of_it()
    {
        _processes.Add(7, "game");
        Tick(("A", [Reading(7)]));
        _processes.Table[7] = (new ProcessStamp(ProcessDouble.StartedAt, null), new ProcessFacts { Name = "?" });
        _now += TimeSpan.FromSeconds(10);
        Tick(("A", [Reading(7, memoryMiB: 5000)]));
        Assert.Equal((ProcessChange.Changed, "game"), (_events[^1].Change, _events[^1].Name));
    }

    [Fact]
    public void Facts_of_another_process_never_replace_those_of_a_changed_one()
    {
        _processes.Add(7, "old");
        Tick(("A", [Reading(7)]));
        _now += TimeSpan.FromSeconds(10);
        _processes.BeforeFacts = () => _processes.Add(7, "new", bornSecond: 60);
        Tick(("A", [Reading(7, memoryMiB: 5000)]));
        Assert.Equal((ProcessChange.Changed, "old"), (_events[^1].Change, _events[^1].Name));
    }

    [Fact]
    public void What_a_process_uses_travels_with_the_sample_and_is_no_change()
    {
        _processes.Add(7, "game");
        for (var i = 0; i < 6; i++)
        {
            _tracker.BeginTick();
            var reading = Reading(7) with { SmPercent = 10 * i, MemoryPercent = i, EncoderPercent = null, DecoderPercent = 0 };
            var usage = Assert.Single(_tracker.Observe("A", [reading], _processes, _now += TimeSpan.FromSeconds(10)));
            Assert.Equal((10d * i, i, null, 0d), (usage.SmPercent, usage.MemoryPercent, usage.EncoderPercent, usage.DecoderPercent));
        }

        Assert.Single(_events);
    }

    [Fact]
    public void Memory_that_is_unknown_for_a_moment_is_no_change()
    {
        _processes.Add(7, "game");
        Tick(("A", [Reading(7)]));
        _now += TimeSpan.FromSeconds(20);
        Tick(("A", [Reading(7) with { MemoryUsedBytes = null }]));
        Assert.Single(_events);
    }

    [Fact]
    public void A_course_that_makes_another_picture_is_a_change_once_a_minute_at_most()
    {
        _processes.Add(7, "game");
        for (var i = 0; i < 600; i++)
            Tick(("A", [Reading(7) with { SmPercent = i / 150 % 2 == 0 ? 90 : 0, EncoderPercent = 5, DecoderPercent = 1 }]));
        var changes = _events.Skip(1).ToList();
        Assert.InRange(changes.Count, 2, 20);
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(pair.Second.ObservedAt - pair.First.ObservedAt >= TimeSpan.FromMinutes(1)));
        Assert.Equal((90, 5, 1), (changes[0].SmPercent, changes[0].EncoderPercent, changes[0].DecoderPercent));
        Assert.InRange(changes[0].Course!.SmBusyPercent!.Value, 80, 100);
    }

    [Fact]
    public void A_course_without_anything_remarkable_is_no_change()
    {
        _processes.Add(7, "desktop");
        for (var i = 0; i < 600; i++)
            Tick(("A", [Reading(7, 100 + i % 50) with { SmPercent = i % 15 }]));
        Assert.Single(_events);
    }

    [Fact]
    public void Facts_that_may_still_come_are_asked_for_again()
    {
        _processes.Add(7, "game");
        _processes.Describe(7, facts => facts with { MoreMayCome = true });
        Tick(("A", [Reading(7)]));
        _processes.Describe(7, facts => facts with { MoreMayCome = false, Game = new InstalledGame { AppId = 1, Name = "Game" } });
        Tick(("A", [Reading(7)]));
        Assert.Equal((ProcessChange.Changed, "Game"), (_events[^1].Change, _events[^1].Game?.Name));
    }

    private static GpuProcessReading Reading(int pid, long memoryMiB = 100) => new(pid, GpuContext.Compute, memoryMiB * MiB);

    private List<(ProcessChange Change, string Gpu, int Pid)> Seen() => [.. _events.Select(e => (e.Change, e.GpuUuid, e.Pid))];

    private void Tick(params (string Gpu, List<GpuProcessReading> Processes)[] lists)
    {
        _tracker.BeginTick();
        foreach (var (gpu, processes) in lists)
            _tracker.Observe(gpu, processes, _processes, _now);
        _tracker.EndTick(gpu => lists.Any(list => list.Gpu == gpu), _processes, _now);
        _now += TimeSpan.FromSeconds(2);
    }
}
