using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class DriverThreadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly DriverThread _driver = new(Patience);
    private readonly ManualResetEventSlim _release = new();

    public void Dispose()
    {
        _release.Set();
        _driver.Dispose();
        _release.Dispose();
    }

    [Fact]
    public void Calls_are_made_in_order_on_one_thread_that_stays()
    {
        var (a, b) = (new Call(_clock), new Call(_clock));
        _driver.Run([a, b]);
        _driver.Run([a, b]);
        Assert.Equal((2, 2), (a.Count, b.Count));
        Assert.Single(a.Threads.Union(b.Threads));
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, a.Threads);
    }

    [Fact]
    public async Task A_call_that_hangs_is_given_up_and_the_ones_behind_it_are_made_by_another_thread()
    {
        var (before, hanging, behind) = (new Call(_clock), new Call(_clock) { Body = () => _release.Wait() }, new Call(_clock));
        await RunWhileTimePasses([before, hanging, behind]);
        Assert.Equal((true, 1, 1), (hanging.IsStalled, before.Count, behind.Count));
        Assert.NotEqual(hanging.Threads[0], behind.Threads[0]);
        Assert.True(hanging.Age >= Patience);
    }

    [Fact]
    public async Task A_stalled_call_is_not_made_again_before_it_came_back()
    {
        var (hanging, behind) = (new Call(_clock) { Body = () => _release.Wait() }, new Call(_clock));
        await RunWhileTimePasses([hanging, behind]);
        _driver.Run([hanging, behind]);
        Assert.Equal((1, 2), (hanging.Count, behind.Count));
        _release.Set();
        await Until.True(() => !hanging.IsStalled);
        _driver.Run([hanging, behind]);
        Assert.Equal((2, 3), (hanging.Count, behind.Count));
    }

    [Fact]
    public async Task Every_call_may_hang_at_once()
    {
        Call[] calls = [.. Enumerable.Range(0, 8).Select(_ => new Call(_clock) { Body = () => _release.Wait() })];
        await RunWhileTimePasses(calls);
        Assert.All(calls, call => Assert.True(call.IsStalled));
        Assert.Equal(8, calls.SelectMany(call => call.Threads).Distinct().Count());
        _release.Set();
        await Until.True(() => Array.TrueForAll(calls, call => !call.IsStalled));
        _driver.Run(calls);
        Assert.All(calls, call => Assert.Equal(2, call.Count));
    }

    [Fact]
    public async Task A_slow_call_that_comes_back_in_time_is_waited_for()
    {
        var slow = new Call(_clock) { Body = () => _release.Wait() };
        var run = Task.Run(() => _driver.Run([slow]));
        await Until.True(() => slow.Count == 1);
        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        _release.Set();
        await run;
        Assert.False(slow.IsStalled || slow.IsBusy);
    }

    [Fact]
    public void What_a_call_throws_is_kept_until_one_succeeds_and_ends_nothing()
    {
        var (failing, behind) = (new Call(_clock) { Body = () => throw new InvalidOperationException("no") }, new Call(_clock));
        _driver.Run([failing, behind]);
        Assert.Equal(("no", 1), (failing.Failure?.Message, behind.Count));
        failing.Body = null;
        _driver.Run([failing]);
        Assert.Null(failing.Failure);
    }

    [Fact]
    public void A_steady_round_allocates_nothing_where_it_is_asked_for()
    {
        Call[] calls = [new(_clock), new(_clock)];
        _driver.Run(calls);
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 50; i++)
                _driver.Run(calls);
        }));
    }

    private async Task RunWhileTimePasses(IReadOnlyList<DriverCall> calls)
    {
        var run = Task.Run(() => _driver.Run(calls));
        await Until.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return run.IsCompleted;
        });
        await run;
    }

    private sealed class Call(TimeProvider clock) : DriverCall(clock)
    {
        public int Count { get; private set; }

        public Action? Body { get; set; }

        public List<int> Threads { get; } = new(64);

        protected override void Execute()
        {
            if (Threads.Count < Threads.Capacity)
                Threads.Add(Environment.CurrentManagedThreadId);
            Count++;
            Body?.Invoke();
        }
    }
}
