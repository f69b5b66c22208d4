using System.Collections.Concurrent;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class LatestWriterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly ManualTimeProvider _clock = new();
    private readonly ConcurrentQueue<int> _written = new();

    [Fact]
    public async Task What_came_between_is_left_out_and_the_last_is_written()
    {
        using var hang = new ManualResetEventSlim();
        var writer = Create(_ => hang.Wait(Long));
        for (var i = 0; i < 100; i++) writer.Write(BitConverter.GetBytes(i));
        Assert.False(writer.Idle.IsCompleted);

        hang.Set();
        await writer.Idle.WaitAsync(Long);

        Assert.InRange(_written.Count, 1, 2);
        Assert.Equal((99, TimeSpan.Zero), (_written.Last(), writer.Taking));
    }

    [Fact]
    public async Task Nothing_older_is_written_after_something_newer_and_one_at_a_time()
    {
        var (atOnce, overlaps) = (0, 0);
        var writer = Create(_ =>
        {
            if (Interlocked.Increment(ref atOnce) > 1) overlaps++;
            Thread.Yield();
            Interlocked.Decrement(ref atOnce);
        });
        for (var i = 0; i < 5_000; i++)
        {
            writer.Write(BitConverter.GetBytes(i));
            if (i % 100 == 0) await writer.Idle.WaitAsync(Long);
        }
        await writer.Idle.WaitAsync(Long);

        Assert.Equal(_written.Order(), _written);
        Assert.Equal((4_999, 0), (_written.Last(), overlaps));
    }

    [Fact]
    public async Task It_says_how_long_a_write_takes()
    {
        using var hang = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var writer = Create(_ =>
        {
            begun.Set();
            hang.Wait(Long);
        });
        Assert.Equal((true, TimeSpan.Zero), (writer.Idle.IsCompleted, writer.Taking));
        writer.Write([0, 0, 0, 0]);
        Assert.True(begun.Wait(Long));
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(7, writer.Taking.TotalSeconds);
        hang.Set();
        await writer.Idle.WaitAsync(Long);
        Assert.Equal(TimeSpan.Zero, writer.Taking);
    }

    private LatestWriter Create(Action<byte[]> disk) => new(bytes =>
    {
        disk(bytes);
        _written.Enqueue(BitConverter.ToInt32(bytes));
    }, _clock);
}
