using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Ollama.Requests;

/// <summary>Records of requests as tests need them.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static LlmRequestCompleted Of(int second, string model = "m:1b", string client = "curl", LlmOutcome outcome = LlmOutcome.Ok, string server = ModelServer.Ollama) => new()
    {
        NodeId = "node", RequestId = Guid.CreateVersion7(Start.AddSeconds(second)), StartedAt = Start.AddSeconds(second), DurationMs = 100, Server = server,
        Endpoint = "/api/chat", Api = LlmApi.Ollama, Operation = "chat", Model = model, Outcome = outcome,
        Client = new LlmClient { Name = client, Source = LlmClientSource.Agent },
    };

    public static LlmRequestCompleted With(this LlmRequestCompleted record, string prompt, string reply = "") =>
        record with { Content = new LlmContent { Request = prompt, Response = reply } };
}
