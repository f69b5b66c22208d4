using GpuPlatform.Collector.Api;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class FreshLookTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly LogDouble<FreshLook> _log = new();

    [Fact]
    public async Task Many_who_ask_at_once_share_one_look()
    {
        using var hang = new ManualResetEventSlim();
        var looks = 0;
        var fresh = Create(() =>
        {
            Interlocked.Increment(ref looks);
            hang.Wait();
        });
        var asking = Enumerable.Range(0, 50).Select(_ => fresh.TakeAsync(CancellationToken.None)).ToList();
        await Until.True(() => Volatile.Read(ref looks) == 1);
        hang.Set();
        Assert.All(await Task.WhenAll(asking), Assert.Null);
        Assert.Equal(1, looks);
    }

    [Fact]
    public async Task A_look_of_a_moment_ago_is_used_again_and_an_older_one_is_not()
    {
        var looks = 0;
        var fresh = Create(() => looks++);
        await fresh.TakeAsync(CancellationToken.None);
        _clock.Advance(FreshLook.FreshFor - TimeSpan.FromMilliseconds(1));
        await fresh.TakeAsync(CancellationToken.None);
        Assert.Equal(1, looks);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await fresh.TakeAsync(CancellationToken.None);
        Assert.Equal(2, looks);
    }

    [Fact]
    public async Task A_driver_that_hangs_holds_nobody_up_for_long_and_is_not_asked_again_meanwhile()
    {
        using var hang = new ManualResetEventSlim();
        var looks = 0;
        var fresh = Create(() =>
        {
            Interlocked.Increment(ref looks);
            hang.Wait();
        });
        // Who asks waits on the clock once the call is back: nothing here depends on when a thread gets its turn
        var first = fresh.TakeAsync(CancellationToken.None);
        await Until.True(() => Volatile.Read(ref looks) == 1);
        _clock.Advance(FreshLook.Patience - TimeSpan.FromMilliseconds(1));
        var second = fresh.TakeAsync(CancellationToken.None);
        Assert.Equal((false, false, 2), (first.IsCompleted, second.IsCompleted, _clock.PendingTimerCount));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("has not answered within 2 s", await first, StringComparison.Ordinal);
        var third = fresh.TakeAsync(CancellationToken.None);
        _clock.Advance(FreshLook.Patience);
        Assert.All(await Task.WhenAll(second, third), answer => Assert.Contains("has not answered within 2 s", answer, StringComparison.Ordinal));
        Assert.Equal(1, Volatile.Read(ref looks));

        // It stands in nobody's way for ever: the next look leaves out what hangs
        var next = fresh.TakeAsync(CancellationToken.None);
        await Until.True(() => Volatile.Read(ref looks) == 2);
        Assert.False(next.IsCompleted);
        hang.Set();
        Assert.Null(await next.WaitAsync(TimeSpan.FromSeconds(60)));
        await Until.True(() => fresh.TakeAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_look_that_fails_is_said_and_the_next_one_is_made()
    {
        var looks = 0;
        var fresh = Create(() =>
        {
            if (++looks == 1)
                throw new InvalidOperationException("broken");
        });
        Assert.Contains("broken", await fresh.TakeAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.Null(await fresh.TakeAsync(CancellationToken.None));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task Over_http_a_hanging_gpu_leaves_the_last_readings_and_says_so()
    {
        using var hang = new ManualResetEventSlim();
        await using var host = await CollectorHost.StartAsync();
        host.Source.Gpu.HangUntil = hang;
        var answers = await Task.WhenAll(host.JsonAsync("/api/gpu/devices?fresh=true"), host.JsonAsync("/api/gpu/summary?fresh=true"));
        Assert.All(answers, answer => Assert.Contains("has not answered", answer.GetProperty("fresh_problem").GetString(), StringComparison.Ordinal));
        Assert.Equal(10, answers[0].GetProperty("devices")[0].GetProperty("utilization_percent").GetDouble());
        hang.Set();
        Assert.Equal(2, host.Source.Gpu.ReadCount);
    }

    private FreshLook Create(Action look) => new(() =>
    {
        look();
        return true;
    }, _clock, _log);
}
