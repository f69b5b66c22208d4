using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class ProcessLookTests : IDisposable
{
    private const int LooksOfOneEvent = 10;
    private static readonly TimeSpan ProcessInterval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly ProcessLook _look;
    private Exception? _failure;

    public ProcessLookTests() => _look = new ProcessLook(
        () => _failure is { } failure ? throw failure : true, () => ProcessInterval, _clock, NullLogger<ProcessLook>.Instance);

    [Fact]
    public async Task An_event_is_followed_by_a_few_looks_and_then_by_none()
    {
        await _look.StartAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _look.LookCount);

        _look.Ask();
        await Until.True(() => _look.LookCount == 1);
        await Until.True(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            return _look.LookCount == LooksOfOneEvent;
        });
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(LooksOfOneEvent, _look.LookCount);
        await _look.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task However_much_happens_the_driver_is_asked_so_often_only()
    {
        await _look.StartAsync(CancellationToken.None);
        var began = _clock.GetUtcNow();
        await Until.True(() =>
        {
            _look.Ask();
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return _clock.GetUtcNow() - began >= TimeSpan.FromSeconds(60);
        });

        Assert.InRange(_look.LookCount, 2, ProcessLook.MostAtOnce + 60 / 2 + 1);
        await _look.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_look_that_fails_does_not_end_the_looking()
    {
        _failure = new InvalidOperationException("the driver is gone");
        await _look.StartAsync(CancellationToken.None);
        _look.Ask();
        await Until.True(() => _clock.PendingTimerCount > 0);

        _failure = null;

        await Until.True(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            return _look.LookCount > 0;
        });
        await _look.StopAsync(CancellationToken.None);
    }

    public void Dispose() => _look.Dispose();
}
