using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.History;

/// <summary>Messages about model servers that are in order; tests change one field.</summary>
internal static class LlmSamples
{
    public static readonly Guid Id = new("01931111-2222-7333-8444-555566667777");

    public static LlmClient Client => new()
    {
        Name = "alice", Source = LlmClientSource.Agent, UserAgent = "ollama-python/0.4", Address = "127.0.0.1", Pid = 42, ProcessStartedAt = Samples.Started,
    };

    public static LlmRequestCompleted Request => new()
    {
        NodeId = "desk", RequestId = Id, StartedAt = Samples.Now, DurationMs = 1234.5, Server = "ollama", Endpoint = "/api/chat", Api = LlmApi.Ollama,
        Operation = "chat", Model = "llama3.2:3b", Client = Client, Outcome = LlmOutcome.Ok, StatusCode = 200, FinishReason = "stop", PromptTokens = 1000,
        CompletionTokens = 250, TimeToFirstTokenMs = 200, TraceId = new string('a', 32), GpuUuids = ["GPU-1"],
    };

    public static ModelResidencyChanged Residency => new()
    {
        NodeId = "desk", ChangedAt = Samples.Now, Server = "ollama", Model = "llama3.2:3b", Change = ResidencyChange.Loaded, VramBytes = 1,
    };

    public static LlmServer Server => new() { Name = "ollama", Upstream = "http://127.0.0.1:11434", Resident = [new ResidentModel { Name = "llama3.2:3b" }] };

    public static LlmRunningRequest Running => new()
    {
        RequestId = Id, StartedAt = Samples.Now, AgeMs = 5, Server = "ollama", Endpoint = "/api/chat", Client = Client, Phase = LlmPhase.Answering,
    };

    public static LlmActivity Activity(DateTimeOffset at, params LlmRunningRequest[] running) => new()
    {
        NodeId = "desk", SampledAt = at, Servers = [Server], InFlight = running, InFlightCount = running.Length,
    };
}
