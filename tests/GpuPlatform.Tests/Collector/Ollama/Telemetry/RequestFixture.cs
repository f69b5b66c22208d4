using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

/// <summary>Requests as the proxy would leave them. All instants are seconds since the clock's start.</summary>
internal sealed class RequestFixture(ManualTimeProvider clock)
{
    public static readonly ModelServer Ollama = new(ModelServer.Ollama, new Uri("http://127.0.0.1:11435"), new Uri("http://127.0.0.1:11434"));

    private readonly DateTimeOffset _start = clock.GetUtcNow();

    public RequestRecords Records { get; } = new("node", clock);

    public long At(double seconds) => (_start + TimeSpan.FromSeconds(seconds)).UtcTicks;

    public LlmRequest Request(
        double startedAt = 0, string path = "/api/chat", string? model = "llama3.2:3b", bool streams = true, ModelServer? server = null, string? traceParent = null, bool loadOnly = false)
    {
        var endpoint = LlmEndpoint.Find("POST", path)!;
        return new LlmRequest(server ?? Ollama, endpoint, _start + TimeSpan.FromSeconds(startedAt), At(startedAt))
        {
            Client = new LlmClient { Name = "me", Source = LlmClientSource.Agent },
            TraceParent = traceParent,
            TraceState = traceParent is null ? null : "vendor=1",
            Facts = new RequestFacts { Model = model, Stream = streams, LoadOnly = loadOnly },
            ReceivedTimestamp = At(startedAt),
            StatusCode = 200,
            Reply = new ReplyReader(endpoint, streams),
        };
    }

    /// <summary>A stream that ended well: first and last token at these instants.</summary>
    public LlmRequest Streamed(double startedAt, double first, double last, long completion, long prompt = 0)
    {
        var request = Request(startedAt);
        var facts = request.Reply!.Facts;
        (facts.FirstTokenAt, facts.FirstVisibleTokenAt, facts.LastTokenAt, facts.TokenPieceCount) = (At(first), At(first), At(last), completion);
        (facts.CompletionTokens, facts.PromptTokens, facts.IsComplete) = (completion, prompt, true);
        return request;
    }

    public RequestEnd End(double at, LlmOutcome outcome = LlmOutcome.Ok, string? error = null) => new(outcome, error, At(at));

    public LlmRequestCompleted Record(LlmRequest request, double endedAt, LlmOutcome outcome = LlmOutcome.Ok, string? error = null) =>
        Records.Of(request, End(endedAt, outcome, error));
}
