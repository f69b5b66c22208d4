using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What the states of a request are called, and what the terms of this page mean.</summary>
internal static class LlmWords
{
    public const string NoModel = "model not told";

    public const string TimeToFirstToken = "Time to first token (TTFT): from the request's last byte to the first piece with thinking, text or a tool call.";
    public const string TimePerOutputToken = "Time per output token (TPOT): (last piece − first piece) ÷ (generated tokens − 1), as they passed the proxy.";
    public const string TokensPerSecond = "Generated tokens per second of decoding, as the server measured it.";
    public const string JoulesPerToken = "Energy of the GPU while it read the prompt and generated, split among requests that overlap, per generated token.";
    public const string Estimated = "The server told no number: these are pieces of the reply, about one token each.";
    public const string Elsewhere = "A cloud model: it runs elsewhere, takes no GPU of this host, and no energy is counted.";

    public static string Phase(LlmPhase phase) => phase.ToString().ToLowerInvariant();

    public static string PhaseTitle(LlmPhase phase) => phase switch
    {
        LlmPhase.Receiving => "The request itself is still being received",
        LlmPhase.Held => "The GPU is not for models now: it waits in the proxy",
        LlmPhase.Waiting => "Nothing came back yet: it is queued, the model is loaded, or the prompt is read",
        LlmPhase.Thinking => "The model thinks",
        _ => "The model answers",
    };

    public static string Outcome(LlmOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public static string OutcomeTitle(LlmOutcome outcome) => outcome switch
    {
        LlmOutcome.Ok => "The reply is whole: it ended with its terminal marker",
        LlmOutcome.Aborted => "The client went away, or the request was cancelled, before the reply was whole",
        LlmOutcome.Failed => "The server answered an error, could not be reached, broke the stream, or ended it without its terminal marker",
        _ => "It was not let through: the server was busy, or the proxy refused it",
    };

    /// <summary>Where the client's name was taken from.</summary>
    public static string Source(LlmClientSource source) => source switch
    {
        LlmClientSource.Key => "the name given to its API key",
        LlmClientSource.User => "the user that an application forwarded",
        LlmClientSource.Agent => "its User-Agent",
        LlmClientSource.Process => "the process at the other end of the connection",
        _ => "nothing told",
    };

    public static string Family(LlmApi api) => api switch
    {
        LlmApi.Ollama => "Ollama",
        LlmApi.OpenAI => "OpenAI",
        LlmApi.Anthropic => "Anthropic",
        _ => "unknown",
    };

    /// <summary>Why a request did not end well, for the table; null when it did.</summary>
    public static string? Trouble(LlmRequestCompleted request) => request.Outcome is LlmOutcome.Ok
        ? null
        : (request.Error, request.StatusCode) switch
        {
            ({ Length: > 0 } error, _) => error,
            (_, { } status and >= 400) => $"status {status}",
            _ => OutcomeTitle(request.Outcome),
        };

    /// <summary>"1 failed, 2 aborted"; null when all ended well.</summary>
    public static string? Failures(LlmFigures figures)
    {
        var parts = new[] { (figures.FailedCount, "failed"), (figures.AbortedCount, "aborted"), (figures.RefusedCount, "refused") }
            .Where(part => part.Item1 > 0).Select(part => $"{LlmFigure.Count(part.Item1)} {part.Item2}").ToList();
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }
}
