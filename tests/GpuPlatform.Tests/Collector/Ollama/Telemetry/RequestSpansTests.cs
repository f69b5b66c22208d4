using System.Collections.Concurrent;
using System.Diagnostics;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class RequestSpansTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly RequestFixture _requests = new(new ManualTimeProvider());

    [Fact]
    public void The_span_joins_the_callers_trace_and_tells_what_the_conventions_ask_for()
    {
        var request = Streamed($"00-{Trace}-b7ad6b7169203331-01");
        var (span, trace, parentOfSent) = Make(request, _requests.Record(request, 3.5) with { EnergyJoules = 12, CachedTokens = 4 });

        Assert.Equal((Trace, Trace, "b7ad6b7169203331"), (trace, span!.TraceId.ToHexString(), span.ParentSpanId.ToHexString()));
        Assert.Equal("vendor=1", span.TraceStateString);
        Assert.Equal(("chat llama3.2:3b", ActivityKind.Client, ActivityStatusCode.Unset), (span.OperationName, span.Kind, span.Status));
        Assert.Equal((request.StartedAt.UtcDateTime, TimeSpan.FromSeconds(2.5)), (span.StartTimeUtc, span.Duration));
        Assert.Equal(span.Id, parentOfSent);
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value is string[] list ? string.Join(',', list) : tag.Value);
        Assert.Equal(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat", ["gen_ai.provider.name"] = "ollama", ["server.address"] = "127.0.0.1", ["server.port"] = 11434,
            ["gen_ai.request.model"] = "llama3.2:3b", ["gen_ai.response.model"] = "llama3.2:3b", ["gen_ai.usage.input_tokens"] = 7L, ["gen_ai.usage.output_tokens"] = 20L,
            ["gen_ai.response.finish_reasons"] = "stop", ["gen_ai.usage.cache_read.input_tokens"] = 4L, ["gen_ai.request.stream"] = true,
            ["gen_ai.response.time_to_first_chunk"] = 1.0, ["gpuplatform.llm.client"] = "me", ["gpuplatform.llm.energy_joules"] = 12.0,
        }, tags);
    }

    [Fact]
    public void Older_conventions_name_the_system_and_know_no_streams()
    {
        var request = Streamed(null);
        var (span, trace, _) = Make(request, _requests.Record(request, 3.5), "1.36");
        Assert.Equal("ollama", span!.GetTagItem("gen_ai.system"));
        Assert.Null(span.GetTagItem("gen_ai.request.stream"));
        Assert.Equal((default, span.TraceId.ToHexString()), (span.ParentSpanId, trace));
    }

    [Theory]
    [InlineData(LlmOutcome.Failed, 500, "500")]
    [InlineData(LlmOutcome.Failed, 200, "_OTHER")]
    [InlineData(LlmOutcome.Aborted, 200, "cancelled")]
    [InlineData(LlmOutcome.Refused, 503, "503")]
    public void A_request_that_did_not_end_well_is_an_error_of_few_kinds(LlmOutcome outcome, int status, string expected)
    {
        var request = Streamed(null);
        request.StatusCode = status;
        var (span, _, _) = Make(request, _requests.Record(request, 3, outcome, "it broke"));
        Assert.Equal((expected, ActivityStatusCode.Error, "it broke"), (span!.GetTagItem("error.type"), span.Status, span.StatusDescription));
    }

    [Fact]
    public void A_caller_that_does_not_record_gets_no_trace_in_the_record_and_hostile_headers_none_at_all()
    {
        var request = Streamed($"00-{Trace}-b7ad6b7169203331-00");
        Assert.Null(Make(request, _requests.Record(request, 3)).Trace);
        request = Streamed("00-zzz\r\nx");
        Assert.NotNull(Make(request, _requests.Record(request, 3)).Trace);
    }

    private GpuPlatform.Collector.Ollama.Requests.LlmRequest Streamed(string? traceParent)
    {
        var request = _requests.Request(startedAt: 1, traceParent: traceParent);
        var facts = request.Reply!.Facts;
        (facts.FirstTokenAt, facts.LastTokenAt, facts.CompletionTokens, facts.PromptTokens) = (_requests.At(2), _requests.At(3), 20, 7);
        (facts.FinishReason, facts.Model, facts.IsComplete) = ("stop", "llama3.2:3b", true);
        return request;
    }

    private static (Activity? Span, string? Trace, string? ParentOfSent) Make(
        GpuPlatform.Collector.Ollama.Requests.LlmRequest request, LlmRequestCompleted record, string version = "1.41")
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CollectorTelemetry.Name,
            // As the SDK does: a caller's decision holds
            Sample = (ref options) => options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var around = new Activity("around").Start();
        string? trace, sent;
        using (var span = new RequestSpans(Options.Create(new MetricsOptions { GenAi = version })).Start(request, record))
            (trace, sent) = (span.TraceId, Activity.Current?.Id);
        Assert.Same(around, Activity.Current);
        return (ended.SingleOrDefault(activity => activity.Id == sent), trace, sent);
    }
}
