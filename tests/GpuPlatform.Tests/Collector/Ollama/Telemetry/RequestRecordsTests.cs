using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class RequestRecordsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RequestFixture _requests;

    public RequestRecordsTests() => _requests = new RequestFixture(_clock);

    [Fact]
    public void Times_of_a_stream_count_from_the_request_fully_received_and_per_token_after_the_first()
    {
        var request = _requests.Streamed(startedAt: 1, first: 2.5, last: 4.5, completion: 101, prompt: 20);
        request.ReceivedTimestamp = _requests.At(1.25);
        request.Reply!.Facts.FirstVisibleTokenAt = _requests.At(3);
        var record = _requests.Record(request, 4.75);

        Assert.Equal(3750, record.DurationMs, 6);
        Assert.Equal(1250, record.TimeToFirstTokenMs!.Value, 6);
        Assert.Equal(1750, record.TimeToFirstVisibleTokenMs!.Value, 6);
        // 2 s for the hundred tokens after the first
        Assert.Equal(20, record.TimePerOutputTokenMs!.Value, 6);
        Assert.Equal(50, record.TokensPerSecondWire!.Value, 6);
        Assert.Equal((20L, 101L, false, true), (record.PromptTokens, record.CompletionTokens, record.TokensEstimated, record.Streaming));
        Assert.Equal(("node", "ollama", "/api/chat", "chat", LlmApi.Ollama, "llama3.2:3b", LlmOutcome.Ok),
            (record.NodeId, record.Server, record.Endpoint, record.Operation, record.Api, record.Model, record.Outcome));
    }

    [Fact]
    public void The_time_for_which_the_proxy_held_a_request_is_told_by_itself_and_no_energy_is_asked_for_it()
    {
        var request = _requests.Streamed(startedAt: 0, first: 62, last: 64, completion: 11, prompt: 20);
        (request.HeldTimestamp, request.ReleasedTimestamp) = (_requests.At(1), _requests.At(61));
        var record = _requests.Record(request, 64);
        Assert.Equal((60_000.0, 1000.0, 64_000.0), (record.HeldMs, record.TimeToFirstTokenMs, record.DurationMs));
        Assert.Equal(_requests.At(61), WorkSpan.Of(request, record, _requests.At(64), _clock)[0].From);
        Assert.Null(_requests.Record(_requests.Streamed(0, 1, 3, 2), 3).HeldMs);

        var gone = _requests.Request();
        gone.HeldTimestamp = _requests.At(1);
        Assert.Empty(WorkSpan.Of(gone, _requests.At(5)));
        Assert.Equal(4000, _requests.Record(gone, 5, LlmOutcome.Aborted).HeldMs);
        request.Facts = request.Facts with { OnProcessor = true };
        Assert.Empty(WorkSpan.Of(request, record, _requests.At(64), _clock));
    }

    [Fact]
    public void Gaps_between_tokens_are_told_by_their_percentiles()
    {
        var request = _requests.Streamed(0, 1, 3, 101);
        var gaps = request.Reply!.Facts.Gaps = new GapHistogram();
        for (var i = 0; i < 98; i++) gaps.Add(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < 2; i++) gaps.Add(TimeSpan.FromMilliseconds(500));
        var record = _requests.Record(request, 3);
        Assert.Equal(20, record.InterTokenP50Ms!.Value, 0.4);
        Assert.Equal(20, record.InterTokenP95Ms!.Value, 0.4);
        Assert.Equal(500, record.InterTokenP99Ms!.Value, 10.0);
        Assert.Null(_requests.Record(_requests.Streamed(0, 1, 3, 2), 3).InterTokenP50Ms);
    }

    [Fact]
    public void Waiting_is_what_the_server_neither_loaded_nor_worked()
    {
        var request = _requests.Streamed(0, 1, 3, completion: 60, prompt: 100);
        var facts = request.Reply!.Facts;
        (facts.Total, facts.Load, facts.Prefill, facts.Decode, facts.CachedTokens) =
            (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(2), 80);
        var record = _requests.Record(request, 3);

        Assert.Equal(300, record.QueueMs!.Value, 6);
        Assert.Equal((500, 200, 2000), (record.LoadMs, record.PrefillMs, record.DecodeMs));
        Assert.Equal(30, record.TokensPerSecondDecode!.Value, 6);
        // 20 tokens were not in the cache
        Assert.Equal(100, record.TokensPerSecondPrefill!.Value, 6);
    }

    [Fact]
    public void Waiting_is_never_negative_and_a_missing_part_is_nothing()
    {
        var request = _requests.Streamed(0, 1, 3, 60);
        var facts = request.Reply!.Facts;
        (facts.Total, facts.Decode) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal(0, _requests.Record(request, 3).QueueMs);
        facts.Total = TimeSpan.FromSeconds(5);
        Assert.Equal(3000, _requests.Record(request, 3).QueueMs);
        facts.Total = null;
        Assert.Null(_requests.Record(request, 3).QueueMs);
    }

    [Fact]
    public void Prefill_has_no_rate_while_the_cached_part_is_not_known()
    {
        var request = _requests.Streamed(0, 1, 3, 60, prompt: 100);
        request.Reply!.Facts.Prefill = TimeSpan.FromSeconds(1);
        Assert.Null(_requests.Record(request, 3).TokensPerSecondPrefill);
        request.Reply.Facts.CachedTokens = 100;
        Assert.Null(_requests.Record(request, 3).TokensPerSecondPrefill);
        request.Reply.Facts.CachedTokens = 101;
        Assert.Null(_requests.Record(request, 3).CachedTokens);
    }

    [Fact]
    public void One_token_has_no_time_per_token_and_two_have()
    {
        Assert.Null(_requests.Record(_requests.Streamed(0, 1, 1, 1), 2).TimePerOutputTokenMs);
        Assert.Equal(1000, _requests.Record(_requests.Streamed(0, 1, 2, 2), 2).TimePerOutputTokenMs);
        // All in one piece, as tool calls come
        Assert.Null(_requests.Record(_requests.Streamed(0, 1, 1, 50), 2).TimePerOutputTokenMs);
    }

    [Fact]
    public void Pieces_are_counted_where_a_stream_tells_no_tokens_and_said_to_be_an_estimate()
    {
        var request = _requests.Streamed(0, 1, 2, 11);
        request.Reply!.Facts.CompletionTokens = null;
        var record = _requests.Record(request, 2, LlmOutcome.Aborted, "the client went away");
        Assert.Equal((11L, true, LlmOutcome.Aborted, "the client went away"), (record.CompletionTokens, record.TokensEstimated, record.Outcome, record.Error));
        Assert.Equal(100, record.TimePerOutputTokenMs!.Value, 6);
        Assert.Null(record.TokensPerSecondDecode);
    }

    [Fact]
    public void A_whole_reply_has_no_times_of_tokens()
    {
        var request = _requests.Request(path: "/v1/chat/completions", streams: false);
        var facts = request.Reply!.Facts;
        (facts.FirstTokenAt, facts.LastTokenAt, facts.TokenPieceCount, facts.IsComplete) = (_requests.At(2), _requests.At(2), 1, true);
        var record = _requests.Record(request, 2);
        Assert.Equal((null, null, null), (record.TimeToFirstTokenMs, record.TimePerOutputTokenMs, record.CompletionTokens));
        Assert.Equal((false, false), (record.Streaming, record.TokensEstimated));
    }

    [Theory]
    [InlineData("gpt-oss:120b-cloud", true)]
    [InlineData("minimax-m2:cloud", true)]
    [InlineData("my-cloud", false)]
    [InlineData("cloud", false)]
    [InlineData("llama3.2:3b", false)]
    public void A_model_is_elsewhere_when_its_tag_says_so(string model, bool expected)
    {
        var elsewhere = new GpuPlatform.Collector.Ollama.ModelServer("other", new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));
        Assert.Equal(expected, _requests.Record(_requests.Request(model: model), 1).Remote);
        Assert.False(_requests.Record(_requests.Request(model: model, server: elsewhere), 1).Remote);
    }

    [Theory]
    [InlineData(LlmOutcome.Ok, true)]
    [InlineData(LlmOutcome.Refused, false)]
    public void A_reply_that_nobody_could_read_is_unparsed_and_one_that_never_came_is_not(LlmOutcome outcome, bool expected)
    {
        var request = _requests.Request();
        request.Reply = null;
        Assert.Equal((outcome, expected), (_requests.Record(request, 1, outcome).Outcome, _requests.Record(request, 1, outcome).Unparsed));
    }

    [Fact]
    public void What_cannot_be_is_not_told_and_what_is_long_is_cut()
    {
        var request = _requests.Streamed(1, 0.5, 0.25, 10);
        var facts = request.Reply!.Facts;
        (facts.PromptTokens, facts.CachedTokens, facts.Total, facts.Load, facts.Decode, facts.Prefill) =
            (-1, -5, TimeSpan.MinValue, TimeSpan.FromTicks(-1), TimeSpan.Zero, TimeSpan.MinValue);
        (facts.Error, facts.FinishReason) = (new string('e', 511) + "😀", new string('f', 100));
        request.Facts = request.Facts with { Model = new string('m', 5000) };
        var record = _requests.Record(request, 0.75);

        Assert.Equal((null, null, null, null, null), (record.PromptTokens, record.CachedTokens, record.QueueMs, record.LoadMs, record.PrefillMs));
        Assert.Equal((null, null, null, null), (record.TimeToFirstTokenMs, record.TimePerOutputTokenMs, record.TokensPerSecondDecode, record.TokensPerSecondWire));
        Assert.Equal((0d, 511, 64, 256), (record.DurationMs, record.Error!.Length, record.FinishReason!.Length, record.Model!.Length));
    }
}
