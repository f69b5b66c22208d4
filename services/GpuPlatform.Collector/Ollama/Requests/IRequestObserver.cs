using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>Is told of every request at a model server, on the thread of its stream: must be quick, must not block.</summary>
internal interface IRequestObserver
{
    /// <summary>A request was accepted; its facts are still to come.</summary>
    void Began(LlmRequest request);

    /// <summary>It ended, and nothing writes it any more.</summary>
    void Ended(LlmRequest request, RequestEnd end);
}

/// <summary>How a request ended.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Error">What went wrong, in words; null when nothing did.</param>
/// <param name="Timestamp">When.</param>
internal readonly record struct RequestEnd(LlmOutcome Outcome, string? Error, long Timestamp);
