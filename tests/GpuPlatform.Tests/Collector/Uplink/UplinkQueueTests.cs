using GpuPlatform.Collector.Uplink;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class UplinkQueueTests
{
    private static readonly UplinkRoute Route = new("exchange", "urn", ["queue"]);

    [Fact]
    public void Messages_leave_in_the_order_they_came()
    {
        var queue = new UplinkQueue(10, 1_000);
        foreach (var size in new[] { 1, 2, 3 }) queue.Add(Message(size));

        Assert.Equal([1, 2, 3], Drain(queue));
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_and_counts_it()
    {
        var queue = new UplinkQueue(2, 1_000);
        foreach (var size in new[] { 1, 2, 3, 4 }) queue.Add(Message(size));

        Assert.Equal(2, queue.DroppedCount);
        Assert.Equal([3, 4], Drain(queue));
    }

    [Fact]
    public void Bytes_are_bounded_like_messages()
    {
        var queue = new UplinkQueue(100, 10);
        foreach (var size in new[] { 4, 4, 6 }) queue.Add(Message(size));
        Assert.Equal(1, queue.DroppedCount);
        Assert.Equal(10, queue.Bytes);

        queue.Add(Message(11));
        Assert.Equal(4, queue.DroppedCount);
        Assert.Equal(0, queue.Count);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void What_did_not_arrive_is_the_first_again()
    {
        var queue = new UplinkQueue(10, 1_000);
        queue.Add(Message(1));
        queue.Add(Message(2));
        Assert.Equal(1, queue.Take()!.Body.Length);
        Assert.Equal(2, queue.Count);
        queue.PutBack();

        Assert.Equal([1, 2], Drain(queue));
    }

    [Fact]
    public void What_did_not_arrive_is_the_oldest_when_there_is_no_room()
    {
        var queue = new UplinkQueue(2, 1_000);
        queue.Add(Message(1));
        queue.Take();
        queue.Add(Message(2));
        queue.Add(Message(3));
        Assert.Equal(0, queue.DroppedCount);
        queue.PutBack();

        Assert.Equal(1, queue.DroppedCount);
        Assert.Equal([2, 3], Drain(queue));
    }

    [Fact]
    public void It_says_when_there_is_something_to_do_and_when_all_is_done()
    {
        var queue = new UplinkQueue(10, 1_000);
        Assert.True(queue.Emptied.IsCompleted);
        var arrived = queue.Arrived;
        Assert.False(arrived.IsCompleted);

        queue.Add(Message(1));
        var emptied = queue.Emptied;
        Assert.True(arrived.IsCompleted);
        queue.Take();
        Assert.False(queue.Arrived.IsCompleted);
        Assert.False(emptied.IsCompleted);
        queue.Confirm();
        Assert.True(emptied.IsCompleted);
    }

    private static UplinkMessage Message(int size) => new(Guid.NewGuid(), Route, new byte[size], null);

    private static List<int> Drain(UplinkQueue queue)
    {
        var sizes = new List<int>();
        while (queue.Take() is { } message)
        {
            sizes.Add(message.Body.Length);
            queue.Confirm();
        }

        return sizes;
    }
}
