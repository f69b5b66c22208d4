using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Decides how a request ended, from how it passed and what the server said; nobody decides it again.</summary>
internal static class ReplyEnd
{
    private const int ClientClosedRequest = 499;

    public static (LlmOutcome Outcome, string? Error) Of(ForwardResult result, LlmRequest request)
    {
        var facts = request.Reply?.Facts;
        // A client may leave as soon as it has seen the mark at the end of its stream
        if (result.Outcome is { } broken && !(broken == LlmOutcome.Aborted && facts is { IsComplete: true })) return (broken, result.Error);
        var status = request.StatusCode ?? StatusCodes.Status200OK;
        var said = facts?.Error;
        return status switch
        {
            ClientClosedRequest => (LlmOutcome.Aborted, said ?? "the server says that the client went away"),
            StatusCodes.Status503ServiceUnavailable => (LlmOutcome.Refused, said ?? "the server is busy"),
            >= StatusCodes.Status400BadRequest => (LlmOutcome.Failed, said ?? $"the server answered with status {status}"),
            _ when said is not null => (LlmOutcome.Failed, said),
            _ when EndsEarly(request.Reply) => (LlmOutcome.Failed, "the reply ended without the mark that it is whole"),
            _ => (LlmOutcome.Ok, null),
        };
    }

    // One document that was not understood may be whole, and so may what a defect kept from being read. A stream has its mark, whatever came before it
    private static bool EndsEarly(ReplyReader? reply) =>
        reply is { Failure: null, Facts.IsComplete: false } && (reply.Framing != ReplyFraming.Whole || !reply.Facts.Unparsed);
}
