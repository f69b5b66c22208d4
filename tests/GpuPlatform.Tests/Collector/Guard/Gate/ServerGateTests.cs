using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard.Gate;

public sealed class ServerGateTests : IDisposable
{
    private static readonly ModelServer Server = new(ModelServer.Ollama, new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));
    private static readonly GateSetting Closed = new(0, WaitingPolicy.Hold, "a game runs");

    private readonly ManualTimeProvider _clock = new();
    private readonly GateOptions _options = new() { HoldLimit = 3, HoldDeadline = TimeSpan.FromMinutes(1) };
    private readonly ServerGate _gate;

    public ServerGateTests() => _gate = new ServerGate(_options, _clock);

    public void Dispose() => _gate.Dispose();

    [Fact]
    public void An_open_gate_lets_everybody_pass_and_counts_them()
    {
        var requests = Enumerable.Range(0, 5).Select(_ => Request()).ToList();
        Assert.All(requests, request => Assert.True(_gate.Enter(request, mayMove: false).Passes));
        Assert.Equal((5, 0), (_gate.RunningCount, _gate.HeldCount));
        foreach (var request in requests) _gate.Leave(request);
        Assert.Equal(0, _gate.RunningCount);
    }

    [Fact]
    public void An_open_gate_allocates_nothing()
    {
        using var gate = new ServerGate(_options, TimeProvider.System);
        var request = Request();
        for (var i = 0; i < 1000; i++) Pass();
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 10_000; i++) Pass();
        }));

        void Pass()
        {
            gate.Enter(request, mayMove: false);
            gate.Leave(request);
        }
    }

    [Fact]
    public async Task Those_who_waited_go_in_their_order_each_when_the_one_before_is_on_its_way()
    {
        _gate.Set(Closed);
        var held = Enumerable.Range(0, 3).Select(_ => Hold()).ToList();
        _gate.Set(GateSetting.Open);
        var late = _gate.Enter(Request(), mayMove: false).Held;
        Assert.NotNull(late);
        foreach (var (index, one) in held.Append(late).Index())
        {
            Assert.Equal(HoldEnd.Released, await one.End);
            Assert.All(held.Append(late).Skip(index + 1), other => Assert.False(other.End.IsCompleted));
            _gate.Sent(one.Request);
        }
        Assert.Equal((4, 0), (_gate.RunningCount, _gate.HeldCount));
        Assert.True(_gate.Enter(Request(), mayMove: false).Passes);
    }

    [Fact]
    public void One_that_cannot_be_sent_keeps_the_next_for_a_second_and_one_that_ends_for_no_longer()
    {
        _gate.Set(Closed);
        var held = Enumerable.Range(0, 3).Select(_ => Hold()).ToList();
        _gate.Set(GateSetting.Open);
        _clock.Advance(ServerGate.SendPatience);
        Assert.Equal([true, true, false], held.Select(one => one.End.IsCompleted));
        _gate.Leave(held[1].Request);
        Assert.True(held[2].End.IsCompleted);
    }

    [Fact]
    public void No_more_than_the_limit_are_under_way_and_the_next_goes_when_one_ends()
    {
        _gate.Set(new GateSetting(2, WaitingPolicy.Hold, "hot"));
        var (first, second) = (Request(), Request());
        Assert.True(_gate.Enter(first, mayMove: false).Passes);
        Assert.True(_gate.Enter(second, mayMove: false).Passes);
        var (third, fourth) = (Hold(), Hold());
        _gate.Leave(first);
        Assert.Equal((true, false), (third.End.IsCompleted, fourth.End.IsCompleted));
        _gate.Sent(third.Request);
        Assert.False(fourth.End.IsCompleted);
        _gate.Set(new GateSetting(3, WaitingPolicy.Hold, "less hot"));
        Assert.True(fourth.End.IsCompleted);
        Assert.Equal(3, _gate.RunningCount);
    }

    [Fact]
    public void A_full_queue_refuses_and_says_so()
    {
        _gate.Set(Closed);
        for (var i = 0; i < 3; i++) Hold();
        var answer = _gate.Enter(Request(), mayMove: false);
        Assert.Equal("The GPU is not for models now: a game runs, and as many requests wait for it as may (3, Guard:HoldLimit). Ask again later", answer.Refusal);
        Assert.Equal(3, _gate.HeldCount);
    }

    [Fact]
    public async Task Those_who_wait_may_keep_so_much_in_memory_and_what_leaves_makes_room()
    {
        _options.HoldMemoryBytes = 10 << 20;
        _gate.Set(Closed);
        using var gone = new CancellationTokenSource();
        var large = _gate.Enter(Request(4 << 20), mayMove: false).Held!;
        var waiting = _gate.WaitAsync(large, gone.Token);
        _gate.Enter(Request(4 << 20), mayMove: false);
        Assert.Equal(
            "The GPU is not for models now: a game runs, and those who wait for it keep as much in memory as they may (10485760 bytes, Guard:HoldMemoryBytes). Ask again later",
            _gate.Enter(Request(4 << 20), mayMove: false).Refusal);
        Assert.Equal(2, _gate.HeldCount);

        await gone.CancelAsync();

        Assert.Equal(HoldEnd.Gone, await waiting);
        Assert.NotNull(_gate.Enter(Request(4 << 20), mayMove: false).Held);
        _gate.Set(GateSetting.Open);
        _gate.Set(Closed);
        Assert.Equal(1, _gate.HeldCount);
        Assert.NotNull(_gate.Enter(Request(4 << 20), mayMove: false).Held);
    }

    [Fact]
    public async Task Refusing_names_the_reason_and_keeps_those_who_wait_already()
    {
        _gate.Set(Closed);
        var held = Hold();
        _gate.Set(Closed with { Policy = WaitingPolicy.Refuse });
        Assert.Equal("The GPU is not for models now: a game runs. Ask again later", _gate.Enter(Request(), mayMove: true).Refusal);
        Assert.False(held.End.IsCompleted);
        _gate.Set(GateSetting.Open);
        Assert.Equal(HoldEnd.Released, await held.End);
    }

    [Fact]
    public void The_processor_is_for_those_who_can_go_there_and_the_others_wait()
    {
        _gate.Set(Closed with { Policy = WaitingPolicy.Cpu });
        Assert.True(_gate.Enter(Request(), mayMove: true).NeedsProcessor);
        Assert.NotNull(_gate.Enter(Request(), mayMove: false).Held);
        Assert.Equal((0, 1), (_gate.RunningCount, _gate.HeldCount));
    }

    [Fact]
    public async Task A_wait_ends_with_its_deadline()
    {
        _gate.Set(Closed);
        var held = Hold();
        var waiting = _gate.WaitAsync(held, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HoldEnd.Expired, await waiting);
        Assert.Equal(0, _gate.HeldCount);
    }

    [Fact]
    public async Task A_client_that_goes_leaves_the_queue_at_once()
    {
        _gate.Set(Closed);
        using var gone = new CancellationTokenSource();
        var (held, other) = (Hold(), Hold());
        var waiting = _gate.WaitAsync(held, gone.Token);
        await gone.CancelAsync();
        Assert.Equal(HoldEnd.Gone, await waiting);
        Assert.Equal(1, _gate.HeldCount);
        _gate.Set(GateSetting.Open);
        Assert.Equal(HoldEnd.Released, await other.End);
    }

    [Fact]
    public void Only_what_is_under_way_on_the_gpu_is_cancelled_with_its_reason()
    {
        var (here, elsewhere) = (Request(), Request());
        _gate.Enter(here, mayMove: false);
        _gate.Enter(elsewhere, mayMove: false);
        elsewhere.Reply = new ReplyReader(elsewhere.Endpoint, streams: true);
        elsewhere.Reply.Facts.Remote = true;
        _gate.Set(Closed);
        var held = Hold();
        Assert.Equal(1, _gate.RunningCount);
        Assert.Equal(1, _gate.CancelRunning("a game needs the GPU"));
        Assert.Equal((true, false, false), (here.IsCancelled, elsewhere.IsCancelled, held.Request.IsCancelled));
        Assert.Equal("a game needs the GPU", here.CancelReason);
    }

    [Fact]
    public void Every_change_is_told()
    {
        var changes = 0;
        _gate.Changed += () => changes++;
        var request = Request();
        _gate.Enter(request, mayMove: false);
        _gate.Leave(request);
        _gate.Leave(request);
        Assert.Equal(2, changes);
        _gate.Set(Closed);
        Hold();
        Assert.Equal(4, changes);
    }

    [Fact]
    public async Task Under_any_mix_of_entering_leaving_and_setting_nothing_is_lost_and_no_limit_is_passed()
    {
        const int requests = 400, workers = 8, limit = 3;
        using var gate = new ServerGate(new GateOptions { HoldLimit = 10_000 }, TimeProvider.System);
        var (underWay, most, ended) = (0, 0, 0);
        using var stop = new CancellationTokenSource();
        GateSetting[] settings = [new(limit, WaitingPolicy.Hold, "hot"), Closed, new(1, WaitingPolicy.Hold, "hotter")];
        var setting = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                gate.Set(settings[i % settings.Length]);
                await Task.Yield();
            }
        }, CancellationToken.None);
        gate.Set(settings[0]);
        var working = Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < requests; i++)
            {
                var request = Request();
                var answer = gate.Enter(request, mayMove: false);
                Assert.Null(answer.Refusal);
                using var gone = new CancellationTokenSource();
                if ((i + worker) % 7 == 0) gone.CancelAfter(1);
                var end = answer.Held is { } held ? await gate.WaitAsync(held, gone.Token) : HoldEnd.Released;
                if (end == HoldEnd.Released)
                {
                    var now = Interlocked.Increment(ref underWay);
                    int seen;
                    while (now > (seen = Volatile.Read(ref most))) Interlocked.CompareExchange(ref most, now, seen);
                    gate.Sent(request);
                    await Task.Yield();
                    Interlocked.Decrement(ref underWay);
                }
                gate.Leave(request);
                Interlocked.Increment(ref ended);
            }
        })).ToList();
        await Task.WhenAll(working);
        await stop.CancelAsync();
        await setting;
        Assert.Equal(workers * requests, ended);
        Assert.InRange(most, 1, limit);
        Assert.Equal((0, 0), (gate.RunningCount, gate.HeldCount));
    }

    [Theory]
    [InlineData("00:00:00", 1, "Guard:HoldDeadline is 00:00:00; accepted are 00:00:01 to 1.00:00:00")]
    [InlineData("00:01:00", -1, "Guard:HoldLimit is -1; accepted are 0 to 10000")]
    [InlineData("00:01:00", 0, null)]
    [InlineData("00:01:00", 0, "Guard:HoldMemoryBytes is 4194304; accepted are 8388608 to 68719476736", 4)]
    public void Options_that_make_no_sense_are_refused_by_their_key(string deadline, int limit, string? problem, int memoryMib = 128) => Assert.Equal(
        problem, new GateOptions().Validate(null, new GateOptions { HoldDeadline = TimeSpan.Parse(deadline), HoldLimit = limit, HoldMemoryBytes = (long)memoryMib << 20 }).FailureMessage);

    private HeldRequest Hold()
    {
        var held = _gate.Enter(Request(), mayMove: false).Held;
        Assert.NotNull(held);
        return held;
    }

    private static LlmRequest Request(long bytes = 0) =>
        new(Server, LlmEndpoint.All[0], DateTimeOffset.UnixEpoch, 0) { Client = new LlmClient { Name = "me", Source = LlmClientSource.Agent }, RequestBytes = bytes };
}
