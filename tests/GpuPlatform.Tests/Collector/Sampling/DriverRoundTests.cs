using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class DriverRoundTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly DriverRound _round = new(Patience);
    private readonly ManualResetEventSlim _release = new();

    public void Dispose() => _release.Dispose();

    [Fact]
    public void Calls_are_made_in_order_on_the_thread_that_asks()
    {
        var (a, b) = (new Call(_clock), new Call(_clock));
        _round.Begin([a, b]);
        Assert.True(_round.Continue());
        Assert.Equal((1, 1, Environment.CurrentManagedThreadId), (a.Count, b.Count, a.ThreadId));
        Assert.False(_round.TryTakeOver());
    }

    [Fact]
    public async Task A_call_that_hangs_is_given_up_after_its_time_and_the_ones_behind_it_are_made_by_whoever_took_over()
    {
        var (before, hanging, behind) = (new Call(_clock), new Call(_clock) { Body = () => _release.Wait() }, new Call(_clock));
        _round.Begin([before, hanging, behind]);
        var first = Task.Run(_round.Continue);
        await Until.True(() => hanging.Count == 1);
        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(_round.TryTakeOver());
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(_round.TryTakeOver());
        Assert.False(_round.TryTakeOver());
        Assert.True(_round.Continue());
        Assert.Equal((true, 1, 1), (hanging.IsStalled, before.Count, behind.Count));

        _round.Begin([before, hanging, behind]);
        Assert.True(_round.Continue());
        Assert.Equal((2, 1, 2), (before.Count, hanging.Count, behind.Count));
        _release.Set();
        Assert.False(await first);
        _round.Begin([hanging]);
        Assert.True(_round.Continue());
        Assert.Equal((false, 2), (hanging.IsStalled, hanging.Count));
    }

    [Fact]
    public async Task Every_call_may_hang_and_all_come_back()
    {
        Call[] calls = [.. Enumerable.Range(0, 8).Select(_ => new Call(_clock) { Body = () => _release.Wait() })];
        _round.Begin(calls);
        List<Task<bool>> threads = [];
        for (var i = 0; i < calls.Length; i++)
        {
            var call = calls[i];
            threads.Add(Task.Factory.StartNew(_round.Continue, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            await Until.True(() => call.Count == 1);
            _clock.Advance(Patience);
            Assert.True(_round.TryTakeOver());
        }
        Assert.True(_round.Continue());
        Assert.All(calls, call => Assert.True(call.IsStalled));
        _release.Set();
        Assert.All(await Task.WhenAll(threads), Assert.False);
        Assert.All(calls, call => Assert.False(call.IsBusy));
    }

    [Fact]
    public async Task A_call_that_has_just_begun_is_not_given_up_for_the_age_of_the_one_before()
    {
        var call = new Call(_clock);
        _round.Begin([call]);
        Assert.True(_round.Continue());
        _clock.Advance(Patience * 3);
        Assert.False(call.GiveUp(Patience));
        call.Body = () => _release.Wait();
        _round.Begin([call]);
        var running = Task.Run(_round.Continue);
        await Until.True(() => call.Count == 2);
        Assert.Equal((false, false, TimeSpan.Zero), (_round.TryTakeOver(), call.IsStalled, call.Age));
        _release.Set();
        Assert.True(await running);
    }

    [Fact]
    public void A_steady_round_allocates_nothing()
    {
        Call[] calls = [new(_clock), new(_clock)];
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                _round.Begin(calls);
                _round.Continue();
            }
        }));
    }

    private sealed class Call(TimeProvider clock) : DriverCall(clock)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public int ThreadId { get; private set; }

        public Action? Body { get; set; }

        protected override void Execute()
        {
            ThreadId = Environment.CurrentManagedThreadId;
            Interlocked.Increment(ref _count);
            Body?.Invoke();
        }
    }
}
