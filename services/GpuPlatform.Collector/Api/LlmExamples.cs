using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Api;

/// <summary>Answers about invented requests, for the OpenAPI document.</summary>
internal static class LlmExamples
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ended = new("019bc1a2-8c00-7d4e-9a31-5b2f6c7d8e90");
    private static readonly Guid Running = new("019bc1a2-b310-7a02-8f4d-1c2b3a495867");

    private static readonly LlmClient Chat = new()
    {
        Name = "alice", Source = LlmClientSource.User, UserAgent = "Python/3.11 aiohttp/3.11.11", Address = "127.0.0.1", Pid = 2210,
        ProcessStartedAt = Now.AddHours(-3), ProcessName = "open-webui",
    };

    private static readonly LlmRequestCompleted Record = new()
    {
        NodeId = "desk", RequestId = Ended, StartedAt = Now.AddSeconds(-20), DurationMs = 3120, Server = ModelServer.Ollama, Endpoint = "/api/chat",
        Api = LlmApi.Ollama, Operation = "chat", Model = "llama3.2:3b", Client = Chat, Streaming = true, Outcome = LlmOutcome.Ok, StatusCode = 200,
        FinishReason = "stop", PromptTokens = 412, CompletionTokens = 301, TimeToFirstTokenMs = 142.5, TimeToFirstVisibleTokenMs = 142.5,
        TimePerOutputTokenMs = 9.8, InterTokenP50Ms = 9.7, InterTokenP95Ms = 11.2, InterTokenP99Ms = 14.9, LoadMs = 12.1, QueueMs = 0.8, PrefillMs = 121.3,
        DecodeMs = 2941, TokensPerSecondDecode = 102.3, TokensPerSecondWire = 102, RequestBytes = 2210, ResponseBytes = 41_870, EnergyJoules = 911.4,
        IdleEnergyJoules = 66.2, GpuUuids = ["GPU-6b8f1c1e-2f60-4f52-9d1e-0c3a7a3f1b21"],
    };

    public static ApiExample<LlmRequestList> Requests => new(new LlmRequestList { GeneratedAt = Now, Requests = [Record] }, ApiJson.Default.LlmRequestList);

    public static ApiExample<LlmRequestCompleted> Request => new(Record, ApiJson.Default.LlmRequestCompleted);

    public static ApiExample<LlmInFlightList> InFlight => new(new LlmInFlightList
    {
        GeneratedAt = Now,
        Requests =
        [
            new()
            {
                RequestId = Running, StartedAt = Now.AddSeconds(-2), AgeMs = 2000, Server = ModelServer.Ollama, Endpoint = "/api/chat", Model = "llama3.2:3b",
                Client = Chat, Phase = LlmPhase.Answering, Tokens = 181, TokensPerSecond = 101.7, TimeToFirstTokenMs = 220.3,
            },
        ],
    }, ApiJson.Default.LlmInFlightList);

    public static ApiExample<LlmServerList> Servers => new(new LlmServerList
    {
        GeneratedAt = Now,
        Servers =
        [
            new()
            {
                Name = ModelServer.Ollama, Address = "http://127.0.0.1:11435", Upstream = "http://127.0.0.1:11434", Reachable = true, Version = "0.13.3",
                Resident =
                [
                    new()
                    {
                        Name = "llama3.2:3b", SizeBytes = 3_367_856_128, VramBytes = 3_367_856_128, ContextLength = 8192, Family = "llama", ParameterSize = "3.2B",
                        Quantization = "Q4_K_M", LoadedAt = Now.AddMinutes(-4), ExpiresAt = Now.AddMinutes(5), LoadMs = 1830,
                    },
                ],
                Available = [new() { Name = "llama3.2:3b", SizeBytes = 2_019_393_189, Family = "llama", ParameterSize = "3.2B", Quantization = "Q4_K_M" }],
            },
        ],
    }, ApiJson.Default.LlmServerList);
}
