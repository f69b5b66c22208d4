using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using static GpuPlatform.History.Ingest.MessageRules;

namespace GpuPlatform.History.Ingest;

/// <summary>Finds the first impossible field of what collectors say of model servers, as <see cref="MessageRules"/> does of the rest.</summary>
internal sealed class LlmRules(MessageRules rules)
{
    private const int MostGpus = 256;
    private const int MostHeaders = 256;
    private const int MostTokens = 1_000_000_000;

    /// <summary>Four months.</summary>
    internal const double MostMs = 1e10;

    private const int TraceDigits = 32;

    public string? Check(LlmRequestCompleted message) =>
        Id("nodeId", message.NodeId, TextLimits.NodeId) ?? (message.RequestId == Guid.Empty ? "empty:requestId" : null)
        ?? rules.Instant("startedAt", message.StartedAt, Earliest) ?? Id("server", message.Server, TextLimits.Name)
        ?? Id("endpoint", message.Endpoint, TextLimits.Name) ?? Id("operation", message.Operation, TextLimits.Name)
        ?? Length("model", message.Model, TextLimits.Model) ?? Length("error", message.Error, TextLimits.Reason)
        ?? Length("finishReason", message.FinishReason, TextLimits.Name)
        ?? (Enum.IsDefined(message.Api) ? null : "unknown:api") ?? (Enum.IsDefined(message.Outcome) ? null : "unknown:outcome")
        ?? (message.Client is { } client ? Client(client) ?? Process(client) : "missing:client")
        ?? Range("statusCode", message.StatusCode, 100, 999) ?? Tokens(message) ?? Times(message) ?? Servers(message)
        ?? Bytes("requestBytes", message.RequestBytes) ?? Bytes("responseBytes", message.ResponseBytes)
        ?? Range("energyJoules", message.EnergyJoules, 0, MostJoules) ?? Range("idleEnergyJoules", message.IdleEnergyJoules, 0, MostJoules)
        ?? Gpus(message.GpuUuids)
        ?? (message.TraceId is null || (message.TraceId.Length == TraceDigits && message.TraceId.All(char.IsAsciiHexDigit)) ? null : "not-hexadecimal:traceId")
        ?? (message.Content is { } content ? Content(content) : null);

    public string? Check(ModelResidencyChanged message) =>
        Id("nodeId", message.NodeId, TextLimits.NodeId) ?? rules.Instant("changedAt", message.ChangedAt, Earliest)
        ?? Id("server", message.Server, TextLimits.Name) ?? Id("model", message.Model, TextLimits.Model)
        ?? (Enum.IsDefined(message.Change) ? null : "unknown:change") ?? Bytes("sizeBytes", message.SizeBytes) ?? Bytes("vramBytes", message.VramBytes)
        ?? Bytes("contextLength", message.ContextLength) ?? Ms("loadMs", message.LoadMs) ?? Ms("residentMs", message.ResidentMs)
        ?? Length("reason", message.Reason, TextLimits.Reason);

    public string? Check(LlmActivity message) =>
        Id("nodeId", message.NodeId, TextLimits.NodeId) ?? rules.Instant("sampledAt", message.SampledAt, Earliest) ?? LlmActivityRules.Check(message);

    internal static string? Client(LlmClient client) =>
        Id("client.name", client.Name, TextLimits.Name) ?? (Enum.IsDefined(client.Source) ? null : "unknown:client.source")
        ?? Length("client.userAgent", client.UserAgent, TextLimits.Name) ?? Length("client.address", client.Address, TextLimits.Version)
        ?? Length("client.processName", client.ProcessName, TextLimits.Name) ?? (client.Pid <= 0 ? "not-positive:client.pid" : null);

    private string? Process(LlmClient client) =>
        client.ProcessStartedAt is { } at ? rules.Instant("client.processStartedAt", at, EarliestStart) : null;

    internal static string? Ms(string field, double? value) => Range(field, value, 0, MostMs);

    private static string? Tokens(LlmRequestCompleted message) =>
        Range("promptTokens", message.PromptTokens, 0, MostTokens) ?? Range("cachedTokens", message.CachedTokens, 0, MostTokens)
        ?? Range("completionTokens", message.CompletionTokens, 0, MostTokens);

    private static string? Times(LlmRequestCompleted message) =>
        Ms("durationMs", message.DurationMs) ?? Ms("heldMs", message.HeldMs) ?? Ms("timeToFirstTokenMs", message.TimeToFirstTokenMs)
        ?? Ms("timeToFirstVisibleTokenMs", message.TimeToFirstVisibleTokenMs) ?? Ms("timePerOutputTokenMs", message.TimePerOutputTokenMs)
        ?? Ms("interTokenP50Ms", message.InterTokenP50Ms) ?? Ms("interTokenP95Ms", message.InterTokenP95Ms) ?? Ms("interTokenP99Ms", message.InterTokenP99Ms);

    private static string? Servers(LlmRequestCompleted message) =>
        Ms("loadMs", message.LoadMs) ?? Ms("queueMs", message.QueueMs) ?? Ms("prefillMs", message.PrefillMs) ?? Ms("decodeMs", message.DecodeMs);

    private static string? Gpus(IReadOnlyList<string>? uuids) =>
        uuids is null ? "missing:gpuUuids"
        : uuids.Count > MostGpus ? "too-many:gpuUuids"
        : uuids.Select(uuid => Id("gpuUuids", uuid, TextLimits.GpuUuid)).FirstOrDefault(problem => problem is not null);

    private static string? Content(LlmContent content) =>
        Length("content.request", content.Request, TextLimits.Content) ?? Length("content.response", content.Response, TextLimits.Content)
        ?? (content.RequestHeaders is not { } headers ? null
            : headers.Count > MostHeaders ? "too-many:content.requestHeaders"
            : headers.Values.Contains(null!) ? "missing:content.requestHeaders"
            : headers.Sum(pair => (long)pair.Key.Length + pair.Value.Length) > TextLimits.Environment ? "too-long:content.requestHeaders"
            : headers.Keys.Select(key => Id("content.requestHeaders", key, TextLimits.Name)).FirstOrDefault(problem => problem is not null));
}
