using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class TickLoopTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly Counter<long> _failures;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly ManualTimeProvider _clock = new();
    private readonly LogDouble<TickLoop> _log = new();

    public TickLoopTests() => _failures = _meter.CreateCounter<long>("failures");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task The_first_tick_is_at_once_and_the_next_at_the_interval()
    {
        var ticks = 0;
        using var loop = new TickLoop("test", Interval, () => Interlocked.Increment(ref ticks) > 0, _failures, _clock, _log);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Until(() => Volatile.Read(ref ticks) == 1);
        await Until(() => _clock.PendingTimerCount == 1);
        _clock.Advance(Interval);
        await Until(() => Volatile.Read(ref ticks) == 2);
        await loop.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _clock.PendingTimerCount);
    }

    [Fact]
    public async Task The_first_tick_waits_for_its_subject_but_not_for_long()
    {
        var (prompt, late) = (0, 0);
        var subject = new TaskCompletionSource();
        using var waiting = new TickLoop("waiting", Interval, () => Interlocked.Increment(ref prompt) > 0, _failures, _clock, _log, subject.Task);
        using var impatient = new TickLoop("impatient", Interval, () => Interlocked.Increment(ref late) > 0, _failures, _clock, _log, new TaskCompletionSource().Task);
        await waiting.StartAsync(TestContext.Current.CancellationToken);
        await impatient.StartAsync(TestContext.Current.CancellationToken);
        await Until(() => _clock.PendingTimerCount == 2);
        Assert.Equal((0, 0), (Volatile.Read(ref prompt), Volatile.Read(ref late)));

        subject.SetResult();
        await Until(() => Volatile.Read(ref prompt) == 1);
        Assert.Equal(0, Volatile.Read(ref late));
        _clock.Advance(Interval / 5);
        await Until(() => Volatile.Read(ref late) == 1);
        await waiting.StopAsync(TestContext.Current.CancellationToken);
        await impatient.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_failing_tick_is_counted_logged_once_and_its_end_is_said()
    {
        var fail = true;
        using var loop = new TickLoop("test", Interval, () => !fail ? true : throw new InvalidOperationException("driver"), _failures, _clock, _log);
        for (var i = 0; i < 5; i++)
            loop.RunOnce();
        Assert.Equal(5, loop.FailureCount);
        Assert.Single(_log.Lines);
        fail = false;
        loop.RunOnce();
        loop.RunOnce();
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void Failed_ticks_are_measured_by_loop()
    {
        var measured = new List<(long, object?)>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => measured.Add((value, tags[0].Value)));
        listener.Start();
        listener.EnableMeasurementEvents(_failures);
        using var loop = new TickLoop("test", Interval, () => throw new InvalidOperationException("driver"), _failures, _clock, _log);
        loop.RunOnce();
        Assert.Equal([(1L, "test")], measured);
    }

    [Fact]
    public void A_loop_whose_tick_does_not_end_is_stuck()
    {
        var ends = false;
        using var loop = new TickLoop("test", Interval, () => ends, _failures, _clock, _log);
        _clock.Advance(Interval * 5);
        Assert.False(loop.IsStuck);
        _clock.Advance(Interval);
        Assert.True(loop.IsStuck);
        loop.RunOnce();
        Assert.True(loop.IsStuck);
        ends = true;
        loop.RunOnce();
        Assert.False(loop.IsStuck);
    }

    [Fact]
    public async Task Work_that_overlaps_is_begun_again_while_it_hangs()
    {
        using var release = new ManualResetEventSlim();
        var begun = 0;
        using var loop = new TickLoop("test", Interval, () =>
        {
            if (Interlocked.Increment(ref begun) == 1)
                release.Wait();
            return true;
        }, _failures, _clock, _log, overlaps: true);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Until(() => Volatile.Read(ref begun) == 1 && _clock.PendingTimerCount == 1);
        _clock.Advance(Interval);
        await Until(() => Volatile.Read(ref begun) == 2 && loop.LastSucceededAt is not null);
        release.Set();
        await loop.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_stops_the_loop_waits_for_a_tick_that_a_later_one_has_overtaken()
    {
        using var release = new ManualResetEventSlim();
        var begun = 0;
        using var loop = new TickLoop("test", Interval, () =>
        {
            if (Interlocked.Increment(ref begun) == 1)
                release.Wait();
            return true;
        }, _failures, _clock, _log, overlaps: true);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Until(() => Volatile.Read(ref begun) == 1 && _clock.PendingTimerCount == 1);
        _clock.Advance(Interval);
        await Until(() => Volatile.Read(ref begun) == 2 && loop.LastSucceededAt is not null);
        var stop = loop.StopAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TickLoop.StopTimeout);
        await stop;
        Assert.Contains(_log.Lines, line => line.Contains("hangs and is left behind", StringComparison.Ordinal));
        release.Set();
        await loop.ExecuteTask!;
    }

    private static Task Until(Func<bool> condition) => Doubles.Until.True(condition);
}
