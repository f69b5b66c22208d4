using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;
using GpuPlatform.Tests.Collector.Uplink.Spooling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class UplinkBacklogTests : IDisposable
{
    private readonly SpoolFiles _files = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SmallDisk _disk = new() { FreeBytes = long.MaxValue };
    private readonly UplinkBacklog _backlog;
    private int _next;

    public UplinkBacklogTests() => _backlog = NewBacklog();

    [Fact]
    public void A_broker_that_confirms_in_time_spares_the_disk()
    {
        for (var tick = 0; tick < 100; tick++)
        {
            Add(2);
            _backlog.Complete(_backlog.Take(10)!.Messages.Count);
            _time.Advance(TimeSpan.FromSeconds(2));
            _backlog.Spill();
        }

        Assert.Equal((0, 0), (_backlog.Count, _backlog.Spool!.WrittenCount));
        Assert.Empty(_files.Segments);
    }

    [Fact]
    public void What_has_waited_is_written_and_what_came_just_now_is_not()
    {
        Add(3);
        _time.Advance(UplinkBacklog.SpillAfter);
        Add(2);
        _backlog.Spill();

        Assert.Equal((5, 3), (_backlog.Count, _backlog.Spool!.Count));
        Assert.Equal([0, 1, 2, 3, 4], Deliver());
        Assert.Empty(_files.Segments);
    }

    [Fact]
    public void What_the_broker_leaves_unconfirmed_is_written_while_it_is_sent()
    {
        Add(4);
        _backlog.Take(3);
        _time.Advance(UplinkBacklog.SpillAfter);
        _backlog.Spill();
        Assert.Equal(4, _backlog.Spool!.Count);
        Assert.Equal(4, _backlog.Count);
        _backlog.Complete(2);

        Assert.Equal(2, _backlog.Count);
        Assert.Equal([2, 3], Deliver());
    }

    [Fact]
    public void What_was_not_confirmed_comes_first_again_from_memory()
    {
        Add(4);
        _backlog.Take(3);
        _backlog.Complete(1);

        Assert.Equal([1, 2, 3], Deliver());
    }

    [Fact]
    public async Task It_says_when_all_is_delivered()
    {
        Add(1);
        _time.Advance(UplinkBacklog.SpillAfter);
        _backlog.Spill();
        var emptied = _backlog.Emptied;
        Assert.False(emptied.IsCompleted);
        Assert.True(_backlog.Arrived.IsCompleted);
        Deliver();

        await emptied;
        Assert.False(_backlog.Arrived.IsCompleted);
    }

    [Fact]
    public void A_full_disk_leaves_it_to_memory_and_the_order_is_kept()
    {
        Add(3);
        SpillAll();
        _disk.FreeBytes = 0;
        Add(3);
        SpillAll();
        Assert.Equal((6, 3), (_backlog.Count, _backlog.Spool!.Count));
        Assert.NotNull(_backlog.Spool.Problem);
        _disk.FreeBytes = long.MaxValue;
        _time.Advance(SpoolStage.RetryInterval);
        Add(2);
        SpillAll();

        Assert.Equal(8, _backlog.Spool.Count);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Deliver());
        Assert.Equal(0, _backlog.DroppedCount);
    }

    [Fact]
    public void A_disk_that_fills_up_under_a_batch_loses_and_doubles_nothing()
    {
        for (var room = 0; room < 1_000; room += 50)
        {
            Add(5);
            _backlog.Take(5);
            _disk.FreeBytes = room;
            SpillAll();
            Assert.InRange(_backlog.Count, 5, 5);
            _backlog.Complete(confirmedCount: 2);
            Assert.Equal([_next - 3, _next - 2, _next - 1], Deliver());
            _disk.FreeBytes = long.MaxValue;
            _time.Advance(SpoolStage.RetryInterval);
        }
    }

    [Fact]
    public void On_a_full_disk_memory_keeps_its_bound()
    {
        _disk.FreeBytes = 0;
        Add(70);
        SpillAll();

        Assert.Equal((50, 20), (_backlog.Count, _backlog.DroppedCount));
        Assert.Equal(Enumerable.Range(20, 50), Deliver());
    }

    [Fact]
    public void A_disk_that_comes_late_with_older_messages_loses_none_of_them()
    {
        _files.Write(100, 101);
        var other = _files.Open();
        SpillAll();
        Assert.Contains("another collector", _backlog.Spool!.Problem, StringComparison.Ordinal);
        Add(3);
        _backlog.Take(2);
        other.Dispose();
        _time.Advance(SpoolStage.RetryInterval);
        _backlog.Spill();
        Assert.Equal(2, _backlog.Spool.Count);
        _backlog.Complete(1);

        Assert.Equal([100, 101, 1, 2], Deliver());
    }

    [Fact]
    public void What_is_left_at_the_end_is_there_in_the_next_run()
    {
        Add(3);
        _backlog.Close();

        Assert.Equal([0, 1, 2], _files.ReadAll());
    }

    [Fact]
    public void Segments_that_cannot_be_read_now_hold_the_others_back_instead_of_letting_them_pass()
    {
        Add(1);
        SpillAll();
        Add(1);
        var segment = _files.Segments.Single();
        File.Move(segment, segment + ".away");
        Directory.CreateDirectory(segment);
        Assert.Throws<NotTakenException>(() => _backlog.Take(10));
        Directory.Delete(segment);
        File.Move(segment + ".away", segment);

        Assert.Equal([0, 1], Deliver());
        Assert.Null(_backlog.Spool!.Problem);
    }

    public void Dispose()
    {
        _backlog.Spool!.Dispose();
        _files.Dispose();
    }

    private UplinkBacklog NewBacklog() =>
        new(new(50, 1_000_000), new SpoolStage(() => _files.Open(write: _disk.Write), _time, NullLogger<SpoolStage>.Instance), _time);

    private void Add(int count)
    {
        for (var i = 0; i < count; i++) _backlog.Add(SpoolFiles.Message(_next++, handedOverAt: _time.GetTimestamp()));
    }

    private void SpillAll()
    {
        _time.Advance(UplinkBacklog.SpillAfter);
        _backlog.Spill();
    }

    private List<int> Deliver()
    {
        var numbers = new List<int>();
        while (_backlog.Take(2) is { } batch)
        {
            numbers.AddRange(batch.Messages.Select(SpoolFiles.NumberOf));
            _backlog.Complete(batch.Messages.Count);
        }

        return numbers;
    }
}
