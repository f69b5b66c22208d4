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
        Assert.Equal(2, queue.DroppedCount);
        Assert.Equal([4, 6], Drain(queue));
    }

    [Fact]
    public void What_did_not_arrive_is_the_first_again()
    {
        var queue = new UplinkQueue(10, 1_000);
        foreach (var size in new[] { 1, 2, 3 }) queue.Add(Message(size));
        var taken = Peek(queue, 2);
        queue.Remove(taken);
        Assert.Equal(1, queue.Count);
        queue.PutBack(taken);

        Assert.Equal([1, 2, 3], Drain(queue));
    }

    [Fact]
    public void What_did_not_arrive_is_the_oldest_when_there_is_no_room()
    {
        var queue = new UplinkQueue(2, 1_000);
        queue.Add(Message(1));
        var taken = Peek(queue, 1);
        queue.Remove(taken);
        queue.Add(Message(2));
        queue.Add(Message(3));
        Assert.Equal(0, queue.DroppedCount);
        queue.PutBack(taken);

        Assert.Equal(1, queue.DroppedCount);
        Assert.Equal([2, 3], Drain(queue));
    }

    [Fact]
    public void What_was_dropped_while_it_was_looked_at_takes_no_other_with_it()
    {
        var queue = new UplinkQueue(2, 1_000);
        queue.Add(Message(1));
        queue.Add(Message(2));
        var seen = Peek(queue, 2);
        queue.Add(Message(3));
        queue.Remove(seen);

        Assert.Equal([3], Drain(queue));
    }

    [Fact]
    public void Only_what_has_waited_is_shown_to_the_one_who_asks_for_that()
    {
        var queue = new UplinkQueue(10, 1_000);
        foreach (var at in new[] { 10, 20, 30 }) queue.Add(Message(at, handedOverAt: at));
        var waited = new List<UplinkMessage>();
        queue.Peek(int.MaxValue, long.MaxValue, handedOverBy: 20, waited);

        Assert.Equal([10, 20], waited.Select(message => message.Body.Length));
    }

    [Fact]
    public void It_says_when_there_is_something_to_do()
    {
        var queue = new UplinkQueue(10, 1_000);
        var arrived = queue.Arrived;
        Assert.False(arrived.IsCompleted);

        queue.Add(Message(1));
        Assert.True(arrived.IsCompleted);
        queue.Remove(Peek(queue, 1));
        Assert.False(queue.Arrived.IsCompleted);
    }

    private static UplinkMessage Message(int size, long handedOverAt = 0) => new(Guid.NewGuid(), Route, new byte[size], null, handedOverAt);

    private static List<UplinkMessage> Peek(UplinkQueue queue, int count)
    {
        var messages = new List<UplinkMessage>();
        queue.Peek(count, long.MaxValue, long.MaxValue, messages);
        return messages;
    }

    private static IEnumerable<int> Drain(UplinkQueue queue)
    {
        var messages = Peek(queue, int.MaxValue);
        queue.Remove(messages);
        Assert.Equal(0, queue.Bytes);
        return messages.Select(message => message.Body.Length);
    }
}
