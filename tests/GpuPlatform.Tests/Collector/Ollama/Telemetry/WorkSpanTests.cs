using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class WorkSpanTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RequestFixture _requests;

    public WorkSpanTests() => _requests = new RequestFixture(_clock);

    [Fact]
    public void What_the_server_worked_is_the_last_of_the_time_without_loading_and_waiting()
    {
        var request = _requests.Streamed(0, 7, 10, completion: 60, prompt: 100);
        var facts = request.Reply!.Facts;
        (facts.Total, facts.Load, facts.Prefill, facts.Decode, facts.CachedTokens) =
            (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), 40);
        Assert.Equal([new(_requests.At(6), _requests.At(7), 60), new(_requests.At(7), _requests.At(10), 60)], Spans(request, 10.5));
    }

    [Fact]
    public void Without_the_servers_word_the_wire_tells()
    {
        var request = _requests.Streamed(1, 3, 5, completion: 20, prompt: 8);
        Assert.Equal([new(_requests.At(1), _requests.At(3), 8), new(_requests.At(3), _requests.At(5), 20)], Spans(request, 5.1));
    }

    [Fact]
    public void A_whole_reply_is_one_span_with_all_its_tokens()
    {
        var request = _requests.Request(path: "/v1/chat/completions", streams: false);
        var facts = request.Reply!.Facts;
        (facts.PromptTokens, facts.CompletionTokens, facts.IsComplete, facts.FirstTokenAt) = (10, 30, true, _requests.At(4));
        Assert.Equal([new(_requests.At(0), _requests.At(4), 40)], Spans(request, 4));
    }

    [Fact]
    public void Who_was_not_worked_for_here_has_none()
    {
        var cloud = _requests.Streamed(0, 1, 2, 10);
        cloud.Facts = cloud.Facts with { Model = "big:cloud" };
        var unknown = _requests.Request();
        unknown.StatusCode = 404;
        Assert.Empty(Spans(cloud, 2));
        Assert.Empty(Spans(_requests.Request(loadOnly: true), 2));
        Assert.Empty(Spans(unknown, 2, LlmOutcome.Failed));
        Assert.Empty(Spans(_requests.Request(), 2, LlmOutcome.Aborted));
    }

    [Fact]
    public void A_server_that_says_it_worked_longer_than_the_request_was_there_is_not_believed()
    {
        var request = _requests.Streamed(5, 6, 7, 10, prompt: 3);
        (request.Reply!.Facts.Prefill, request.Reply.Facts.Decode) = (TimeSpan.FromHours(1), TimeSpan.MaxValue);
        Assert.Equal([new(_requests.At(5), _requests.At(7), 10)], Spans(request, 7));
    }

    [Fact]
    public void A_request_under_way_is_known_by_its_pieces()
    {
        var request = _requests.Request();
        Assert.Equal([new(_requests.At(0), _requests.At(4), null)], WorkSpan.Of(request, _requests.At(4)));
        (request.Reply!.Facts.FirstTokenAt, request.Reply.Facts.TokenPieceCount) = (_requests.At(3), 7);
        Assert.Equal([new(_requests.At(0), _requests.At(3), null), new(_requests.At(3), _requests.At(4), 7)], WorkSpan.Of(request, _requests.At(4)));
        request.ReceivedTimestamp = null;
        Assert.Empty(WorkSpan.Of(request, _requests.At(4)));
    }

    private IReadOnlyList<WorkSpan> Spans(LlmRequest request, double endedAt, LlmOutcome outcome = LlmOutcome.Ok) =>
        WorkSpan.Of(request, _requests.Record(request, endedAt, outcome), _requests.At(endedAt), _clock);
}
