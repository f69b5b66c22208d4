using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Does with a request what the gate says: lets it wait, moves it to the processor, or sends its client away with the reason.</summary>
internal sealed class GateKeeper(ModelGate gate, GateOptions options, Forwarder forwarder, TimeProvider time)
{
    internal static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private static readonly byte[] Comment = [.. ": ping\n\n"u8];

    /// <summary>Does it; null when the request may go on now, else how it ended.</summary>
    public async Task<(LlmOutcome, string?)?> FollowAsync(GateAnswer answer, Exchange exchange, LlmRequest request)
    {
        if (answer.NeedsProcessor)
        {
            // The body is read once more, which takes milliseconds for the longest
            await Task.Yield();
            if (exchange.TryMoveToProcessor()) return null;
            answer = gate.Enter(request, mayMove: false);
        }
        return answer.Held is { } held ? await HoldAsync(held, exchange, request)
            : answer.Refusal is { } refusal ? await RefuseAsync(exchange, request, refusal)
            : null;
    }

    private async Task<(LlmOutcome, string?)?> HoldAsync(HeldRequest held, Exchange exchange, LlmRequest request)
    {
        request.HeldTimestamp = time.GetTimestamp();
        exchange.Sent = () => gate.Sent(request);
        HoldEnd end;
        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, request.Cancelled);
            var waiting = gate.WaitAsync(held, gone.Token);
            if (TakesComments(exchange, request) && !await TryCommentAsync(exchange, request, waiting)) await gone.CancelAsync();
            end = await waiting;
        }
        finally
        {
            request.ReleasedTimestamp = time.GetTimestamp();
        }
        if (end == HoldEnd.Released) return null;
        if (end == HoldEnd.Expired) return await RefuseAsync(exchange, request, gate.Expiry(request));
        var broken = await forwarder.BreakAsync(exchange, new OperationCanceledException());
        return (broken.Outcome ?? LlmOutcome.Aborted, broken.Error);
    }

    // A page of a browser may not read a reply without the headers in which the server allows it that
    private bool TakesComments(Exchange exchange, LlmRequest request) =>
        options.HoldComments && request.Facts.Stream == true && request.Endpoint.Framing == ReplyFraming.Events && exchange.Http.Request.Headers.Origin.Count == 0;

    private async Task<bool> TryCommentAsync(Exchange exchange, LlmRequest request, Task waiting)
    {
        try
        {
            await CommentAsync(exchange, request, waiting);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    // The first comment begins the reply, after which its status can no longer say anything: short waits do without
    private async Task CommentAsync(Exchange exchange, LlmRequest request, Task waiting)
    {
        var http = exchange.Http;
        using var timer = new PeriodicTimer(CommentInterval, time);
        while (await Task.WhenAny(waiting, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()) != waiting)
        {
            if (!exchange.IsBegun)
            {
                http.Response.StatusCode = StatusCodes.Status200OK;
                http.Response.ContentType = "text/event-stream";
                http.Response.Headers.CacheControl = "no-cache";
                exchange.IsBegun = true;
            }
            var written = await http.Response.BodyWriter.WriteAsync(Comment, CancellationToken.None);
            request.ResponseBytes += Comment.Length;
            // That it has gone is heard elsewhere
            if (written.IsCompleted) return;
        }
    }

    private static async Task<(LlmOutcome, string?)?> RefuseAsync(Exchange exchange, LlmRequest request, string refusal)
    {
        request.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (exchange.IsBegun) await ErrorReply.WriteEventAsync(exchange.Http, StatusCodes.Status503ServiceUnavailable, refusal);
        else await ErrorReply.WriteAsync(exchange.Http, StatusCodes.Status503ServiceUnavailable, refusal, RetryAfter);
        return (LlmOutcome.Refused, refusal);
    }
}
