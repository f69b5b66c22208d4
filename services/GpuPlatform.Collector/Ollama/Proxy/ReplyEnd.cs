using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>How a request ended, from how it passed and what the server said.</summary>
internal static class ReplyEnd
{
    private const int ClientClosedRequest = 499;

    public static (LlmOutcome Outcome, string? Error) Of(ForwardResult result, LlmRequest request)
    {
        if (result.Outcome is { } broken) return (broken, result.Error);
        var facts = request.Reply?.Facts;
        var status = request.StatusCode ?? StatusCodes.Status200OK;
        var said = facts?.Error;
        return status switch
        {
            ClientClosedRequest => (LlmOutcome.Aborted, said ?? "the server says that the client went away"),
            StatusCodes.Status503ServiceUnavailable => (LlmOutcome.Refused, said ?? "the server is busy"),
            >= StatusCodes.Status400BadRequest => (LlmOutcome.Failed, said ?? $"the server answered with status {status}"),
            _ when said is not null => (LlmOutcome.Failed, said),
            // What was not understood to its end may have had one
            _ when facts is { IsComplete: false, Unparsed: false } => (LlmOutcome.Failed, "the reply ended without the mark that it is whole"),
            _ => (LlmOutcome.Ok, null),
        };
    }
}
