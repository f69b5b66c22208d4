using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One field of a request: its name, its value with unit, and what it means.</summary>
public sealed record RequestRow(string What, string Value, string Meaning);

/// <summary>Fields that belong together.</summary>
public sealed record RequestSection(string Title, IReadOnlyList<RequestRow> Rows);

/// <summary>Everything a record says, in words.</summary>
internal static class RequestRows
{
    public static IReadOnlyList<RequestSection> Of(LlmRequestCompleted request, TimeZoneInfo? zone) =>
        [new("Request", Asked(request, zone)), new("Who asked", Who(request.Client, zone)), new("Tokens", Tokens(request)), new("Times", Times(request)), new("Rates", Rates(request)), new("Energy and size", Costs(request))];

    private static IReadOnlyList<RequestRow> Asked(LlmRequestCompleted request, TimeZoneInfo? zone) =>
    [
        new("Outcome", LlmWords.Outcome(request.Outcome), LlmWords.OutcomeTitle(request.Outcome)),
        new("Error", Text(request.Error), "What went wrong, in the words of the server or the proxy"),
        new("Status", request.StatusCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Quantity.Missing, "HTTP status of the reply"),
        new("Finish reason", Text(request.FinishReason), "Why generation ended, in the server's word"),
        new("Model", Text(request.Model) + (request.Remote ? " (runs elsewhere)" : ""), request.Remote ? LlmWords.Elsewhere : "The model that was asked for"),
        new("Server", $"{request.Server} on {request.NodeId}", "Model server in the configuration, and its host"),
        new("Endpoint", request.Endpoint, "The path that was asked"),
        new("API", LlmWords.Family(request.Api), "Family of API that was spoken"),
        new("Operation", request.Operation, "Kind of work"),
        new("Streaming", YesNo(request.Streaming), "Whether the reply was to come piece by piece"),
        new("Load only", YesNo(request.LoadOnly), "Whether it only loads or unloads a model and asks for no token"),
        new("Started", Age.Exact(request.StartedAt, zone), "When its headers had arrived"),
        new("Request id", request.RequestId.ToString(), "Identity of the request"),
        new("Trace id", Text(request.TraceId), "Trace it belongs to"),
    ];

    private static IReadOnlyList<RequestRow> Who(LlmClient client, TimeZoneInfo? zone) =>
    [
        new("Client", client.Name, $"Taken from {LlmWords.Source(client.Source)}"),
        new("User-Agent", Text(client.UserAgent), "What the client calls itself"),
        new("Address", Text(client.Address), "Where the connection came from"),
        new("Process", client.Pid is { } pid ? $"{client.ProcessName ?? "process"} (pid {pid})" : Quantity.Missing, "The program at the other end, when it runs on the same host"),
        new("Process started", client.ProcessStartedAt is { } at ? Age.Exact(at, zone) : Quantity.Missing, "With the pid its identity"),
    ];

    private static IReadOnlyList<RequestRow> Tokens(LlmRequestCompleted request) =>
    [
        new("Prompt", LlmFigure.Count(request.PromptTokens), "Tokens of the prompt, cached ones included"),
        new("Of these cached", LlmFigure.Count(request.CachedTokens), "Found in the server's cache, so not computed again"),
        new("Generated", LlmFigure.Tokens(request.CompletionTokens, request.TokensEstimated), request.TokensEstimated ? LlmWords.Estimated : "Tokens that were generated, thinking included"),
        new("Understood", request.Unparsed ? "not wholly" : "yes", "Whether every part of the reply was understood; if not, the numbers may miss something"),
    ];

    private static IReadOnlyList<RequestRow> Times(LlmRequestCompleted request) =>
    [
        new("Duration", LlmFigure.Milliseconds(request.DurationMs), "From its headers to the last byte of the reply"),
        new("Time to first token", LlmFigure.Milliseconds(request.TimeToFirstTokenMs), LlmWords.TimeToFirstToken),
        new("To first visible token", LlmFigure.Milliseconds(request.TimeToFirstVisibleTokenMs), "The same to the first piece that is not thinking"),
        new("Time per output token", LlmFigure.Milliseconds(request.TimePerOutputTokenMs), LlmWords.TimePerOutputToken),
        new("Gaps between pieces", Gaps(request), "Median, 95th and 99th percentile"),
        new("Loading", LlmFigure.Milliseconds(request.LoadMs), "Server's own: until the model was ready; a few ms when it was in memory"),
        new("Held", LlmFigure.Milliseconds(request.HeldMs), "It waited in the proxy, since the GPU was not for models; no other figure but the duration counts that"),
        new("Queue and rest", LlmFigure.Milliseconds(request.QueueMs), "Server's own: total − loading − prompt − generation, which is mostly waiting for a slot"),
        new("Reading the prompt", LlmFigure.Milliseconds(request.PrefillMs), "Server's own: prefill"),
        new("Generating", LlmFigure.Milliseconds(request.DecodeMs), "Server's own: decoding"),
    ];

    private static IReadOnlyList<RequestRow> Rates(LlmRequestCompleted request) =>
    [
        new("Generation", LlmFigure.PerSecond(request.TokensPerSecondDecode), LlmWords.TokensPerSecond),
        new("On the wire", LlmFigure.PerSecond(request.TokensPerSecondWire), "As the tokens passed the proxy: 1 ÷ TPOT"),
        new("Prompt", LlmFigure.PerSecond(request.TokensPerSecondPrefill), "Prompt tokens that were not cached, per second of reading; not known while the cached part is not"),
    ];

    private static IReadOnlyList<RequestRow> Costs(LlmRequestCompleted request) =>
    [
        new("Energy", LlmFigure.Joules(request.EnergyJoules), request.Remote ? LlmWords.Elsewhere : "Of the GPU while it read and generated, its share where requests overlap"),
        new("Of this idle", LlmFigure.Joules(request.IdleEnergyJoules), "What the GPU would have taken without any work"),
        new("Per generated token", LlmFigure.Joules(PerToken(request)), "Energy ÷ generated tokens"),
        new("GPUs", request.GpuUuids.Count == 0 ? Quantity.Missing : string.Join(", ", request.GpuUuids), "Whose energy was counted"),
        new("Request size", LlmFigure.Bytes(request.RequestBytes), "Bytes of the request's body"),
        new("Reply size", LlmFigure.Bytes(request.ResponseBytes), "Bytes of the reply's body as they were sent"),
    ];

    private static double? PerToken(LlmRequestCompleted request) => request.CompletionTokens > 0 ? request.EnergyJoules / request.CompletionTokens : null;

    private static string Gaps(LlmRequestCompleted request) => request.InterTokenP50Ms is null && request.InterTokenP95Ms is null && request.InterTokenP99Ms is null
        ? Quantity.Missing
        : $"{LlmFigure.Milliseconds(request.InterTokenP50Ms)} · {LlmFigure.Milliseconds(request.InterTokenP95Ms)} · {LlmFigure.Milliseconds(request.InterTokenP99Ms)}";

    private static string Text(string? value) => string.IsNullOrEmpty(value) ? Quantity.Missing : value;

    private static string YesNo(bool value) => value ? "yes" : "no";
}
