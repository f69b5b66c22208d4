using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Web;

/// <summary>Small records about models and requests to vary with <c>with</c>.</summary>
internal static class LlmSnapshots
{
    public static readonly LlmClient Alice = new() { Name = "alice", Source = LlmClientSource.Key };

    public static readonly LlmServer Ollama = new() { Name = "ollama", Address = "http://127.0.0.1:11435", Upstream = "http://127.0.0.1:11434", Reachable = true };

    public static readonly LlmFigures Figures = new() { RequestCount = 3, OkCount = 3, CompletionTokens = 30 };

    public static LlmRunningRequest Running(LlmPhase phase = LlmPhase.Answering, double? rate = 50, string? model = "llama3.2:3b", Guid? id = null) => new()
    {
        RequestId = id ?? Guid.NewGuid(),
        StartedAt = Snapshots.Noon,
        AgeMs = 1000,
        Server = "ollama",
        Endpoint = "/api/chat",
        Model = model,
        Client = Alice,
        Phase = phase,
        TokensPerSecond = rate,
    };

    public static LlmActivity Activity(DateTimeOffset at, params LlmRunningRequest[] running) =>
        new() { NodeId = "desk", SampledAt = at, Servers = [Ollama], InFlight = running, InFlightCount = running.Length };

    public static NodeSnapshot NodeWith(LlmActivity? activity) => Snapshots.Node(Snapshots.Noon) with { Llm = activity };

    public static LlmRequestCompleted Completed() => new()
    {
        NodeId = "desk",
        RequestId = Guid.Parse("019aa000-0000-7000-8000-000000000001"),
        StartedAt = Snapshots.Noon,
        DurationMs = 1000,
        Server = "ollama",
        Endpoint = "/api/chat",
        Api = LlmApi.Ollama,
        Operation = "chat",
        Client = Alice,
        Outcome = LlmOutcome.Ok,
    };

    public static LlmUsage Usage(params LlmUsagePoint[] points) => new()
    {
        From = Snapshots.Noon,
        To = Snapshots.Noon.AddHours(1),
        Total = Figures,
        Models = [new LlmGroup { Name = "llama3.2:3b", Figures = Figures }],
        Clients = [new LlmGroup { Name = "alice", Figures = Figures }],
        StepSeconds = 60,
        Series = points,
        TimeToFirstToken = Distribution([100], [1, 2]),
        TimePerOutputToken = Distribution([10], [3, 0]),
        Residency = [],
    };

    public static LlmDistribution Distribution(double[] bounds, long[] counts) => new() { UpperBoundsMs = bounds, Counts = counts };

    public static LlmUsagePoint Point(int minute, string model, long tokens, string client = "alice") =>
        new() { At = Snapshots.Noon.AddMinutes(minute), Model = model, Client = client, CompletionTokens = tokens, PromptTokens = tokens * 10, RequestCount = 1 };
}
