using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Ollama.Requests;

public sealed class RequestLogTests
{
    private static readonly ModelServer Server = new(ModelServer.Ollama, new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));
    private static readonly LlmClient Somebody = new() { Name = "curl", Source = LlmClientSource.Agent };

    private readonly ManualTimeProvider _clock = new();
    private readonly ObserverDouble _observer = new();
    private readonly RequestLog _log;

    public RequestLogTests() => _log = new RequestLog([new Thrower(), _observer], _clock, NullLogger<RequestLog>.Instance);

    [Fact]
    public void An_observer_that_fails_keeps_no_other_from_knowing_and_no_request_from_its_answer()
    {
        var request = Begin();
        _log.End(request, LlmOutcome.Ok, null);
        Assert.Equal([$"began {request.Id}", $"ended {request.Id} Ok"], _observer.Heard);
    }

    [Fact]
    public void A_request_ends_once()
    {
        var request = Begin();
        _log.End(request, LlmOutcome.Aborted, "gone");
        _log.End(request, LlmOutcome.Ok, null);
        Assert.Equal([$"began {request.Id}", $"ended {request.Id} Aborted"], _observer.Heard);
        Assert.Empty(_log.Running);
    }

    [Fact]
    public void A_request_is_cancelled_while_it_runs_and_not_afterwards()
    {
        var request = Begin();
        Assert.False(_log.Cancel(Guid.NewGuid()));
        Assert.True(_log.Cancel(request.Id));
        Assert.True(request is { IsCancelled: true, Cancelled.IsCancellationRequested: true });
        _log.End(request, LlmOutcome.Aborted, null);
        Assert.False(_log.Cancel(request.Id));
        request.Cancel();
    }

    [Fact]
    public void What_runs_is_shown_oldest_first_with_what_it_does()
    {
        var running = new RunningRequests(_log, _clock);
        var old = Begin();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var young = Begin();
        Assert.Equal([(old.Id, 1000, LlmPhase.Receiving), (young.Id, 0, LlmPhase.Receiving)], running.Look().Select(shown => (shown.RequestId, (int)shown.AgeMs, shown.Phase)));

        old.ReceivedTimestamp = _clock.GetTimestamp();
        old.Facts = new RequestFacts { Model = "m:1b" };
        old.Reply = new ReplyReader(old.Endpoint, streams: true);
        Assert.Equal((LlmPhase.Waiting, null, "m:1b"), (running.Look()[0].Phase, running.Look()[0].TimeToFirstTokenMs, running.Look()[0].Model));

        _clock.Advance(TimeSpan.FromMilliseconds(250));
        old.Reply.Facts.FirstTokenAt = _clock.GetTimestamp();
        Assert.Equal((LlmPhase.Thinking, 250d, null), (running.Look()[0].Phase, running.Look()[0].TimeToFirstTokenMs, running.Look()[0].TokensPerSecond));

        _log.End(young, LlmOutcome.Ok, null);
        old.Reply.Facts.FirstVisibleTokenAt = _clock.GetTimestamp();
        Assert.Equal(LlmPhase.Answering, Assert.Single(running.Look()).Phase);
    }

    [Fact]
    public void A_request_that_waits_for_a_gpu_is_shown_so_and_is_ready_only_when_it_was_let_go()
    {
        var running = new RunningRequests(_log, _clock);
        var request = Begin();
        request.ReceivedTimestamp = _clock.GetTimestamp();
        request.HeldTimestamp = _clock.GetTimestamp();
        Assert.Equal((LlmPhase.Held, null), (running.Look()[0].Phase, request.ReadyTimestamp));
        _clock.Advance(TimeSpan.FromSeconds(5));
        request.ReleasedTimestamp = _clock.GetTimestamp();
        Assert.Equal((LlmPhase.Waiting, _clock.GetTimestamp()), (running.Look()[0].Phase, request.ReadyTimestamp));
    }

    [Fact]
    public void The_first_reason_of_a_cancellation_stays()
    {
        var request = Begin();
        request.Cancel("a game needs the GPU");
        request.Cancel("something else");
        Assert.Equal("a game needs the GPU", request.CancelReason);
        var byHand = Begin();
        byHand.Cancel();
        byHand.Cancel("too late");
        Assert.Null(byHand.CancelReason);
    }

    private LlmRequest Begin() => _log.Begin(Server, LlmEndpoint.All[0], Somebody, traceParent: null);

    private sealed class ObserverDouble : IRequestObserver
    {
        public List<string> Heard { get; } = [];

        public void Began(LlmRequest request) => Heard.Add($"began {request.Id}");

        public void Ended(LlmRequest request, RequestEnd end) => Heard.Add($"ended {request.Id} {end.Outcome}");
    }

    private sealed class Thrower : IRequestObserver
    {
        public void Began(LlmRequest request) => throw new InvalidOperationException("began");

        public void Ended(LlmRequest request, RequestEnd end) => throw new InvalidOperationException("ended");
    }
}
