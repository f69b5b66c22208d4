using System.Net;
using System.Net.Sockets;
using System.Text;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Passes one exchange to a model server and back, every piece when it comes. Trailers of a request do not pass.</summary>
internal sealed class Forwarder(ApiKeys keys, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private const string Gone = "the client went away";

    // One connection for each request under way, as clients would have by themselves. Nothing of a request or reply is looked at or added
    private readonly HttpMessageInvoker _upstream = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = UpstreamStream.ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        // What nobody reads any more is not read to its end: the server is to stop
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 128,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    /// <summary>Passes the exchange on. Whatever goes wrong is told to the client as far as that can still be, and returned.</summary>
    public async Task<ForwardResult> ForwardAsync(Exchange exchange)
    {
        var http = exchange.Http;
        using var linked = exchange.Request is { } request ? CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, request.Cancelled) : null;
        var cancellation = linked?.Token ?? http.RequestAborted;
        try
        {
            using var reply = await SendAsync(exchange, cancellation);
            if (reply.StatusCode != HttpStatusCode.BadRequest || !exchange.IsChanged) return await PassBackAsync(exchange, reply, default, cancellation);

            using var refusal = await UsageRefusal.ReadAsync(reply, cancellation);
            if (!refusal.IsOfUsage) return await PassBackAsync(exchange, reply, refusal.Bytes, cancellation);
            // Others need not wait until this one's reply is over, nor until one is heard to its end
            exchange.UsageRefused?.Invoke();
            exchange.Restore();
            using var second = await SendAsync(exchange, cancellation);
            return await PassBackAsync(exchange, second, default, cancellation);
        }
        // The web server refuses what cannot stand in a head
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or InvalidOperationException)
        {
            return await BreakAsync(exchange, e);
        }
    }

    /// <summary>Says how an exchange ended that broke, and sees to it that it does not look as if it had ended well.</summary>
    public async Task<ForwardResult> BreakAsync(Exchange exchange, Exception exception)
    {
        var http = exchange.Http;
        var isCancelled = exchange.Request is { IsCancelled: true };
        if (http.RequestAborted.IsCancellationRequested || isCancelled || exception is BadHttpRequestException)
        {
            http.Abort();
            return new(LlmOutcome.Aborted, isCancelled ? WhoCancelled(exchange.Request!) : stopping.IsCancellationRequested ? "the collector stopped" : Gone);
        }
        var (isUnreachable, reason) = Reason(exception);
        var message = isUnreachable
            ? $"{exchange.Server.Name} does not answer at {exchange.Server.Upstream.GetLeftPart(UriPartial.Authority)}: {reason}. Start it, or set {ProxyHost.KeyOf(exchange.Server, "Upstream")} to where it runs"
            : $"{exchange.Server.Name} at {exchange.Server.Upstream.GetLeftPart(UriPartial.Authority)} broke off: {reason}";
        if (exchange is { IsBegun: true, IsAnswered: false }) await ErrorReply.WriteEventAsync(http, StatusCodes.Status502BadGateway, message);
        else if (http.Response.HasStarted) http.Abort();
        else await ErrorReply.WriteAsync(http, StatusCodes.Status502BadGateway, message);
        return new(LlmOutcome.Failed, message);
    }

    public void Dispose() => _upstream.Dispose();

    private Task<HttpResponseMessage> SendAsync(Exchange exchange, CancellationToken cancellation)
    {
        var content = exchange.ToContent(time);
        var message = new HttpRequestMessage(HttpMethod.Parse(exchange.Http.Request.Method), new Uri(
            exchange.Server.Upstream.GetLeftPart(UriPartial.Authority) + exchange.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        ProxyHeaders.CopyRequest(exchange, message, keys);
        // One without a body, or whose client is still sending it, keeps nobody waiting
        if (content?.Sent is null) exchange.Sent?.Invoke();
        // See UpstreamStream: after a refusal halfway nothing more can be sent over it
        if (content is { IsUpload: true }) message.Headers.ConnectionClose = true;
        return _upstream.SendAsync(message, cancellation);
    }

    private async Task<ForwardResult> PassBackAsync(Exchange exchange, HttpResponseMessage reply, ReadOnlyMemory<byte> begun, CancellationToken cancellation)
    {
        var (http, request) = (exchange.Http, exchange.Request);
        if (request is not null)
        {
            request.StatusCode = (int)reply.StatusCode;
            request.Reply = ReplyHead.ReaderFor(request.Endpoint, reply, time);
        }
        if (exchange.IsBegun && !BegunReply.CanFollow(reply)) return await BegunReply.TellAsync(exchange, reply, begun, time, cancellation);
        PassHead(exchange, reply);
        if (reply.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            await Upgrade.PassAsync(http, reply, cancellation);
            return default;
        }
        using var filter = exchange.IsChanged && ReplyHead.IsEventStream(reply) ? new UsageFilter() : null;
        if (filter is not null && !exchange.IsBegun) http.Response.ContentLength = null;
        if (await new ReplyPump(http, reply, request, filter, time).RunAsync(begun, cancellation)) return default;
        http.Abort();
        return new(LlmOutcome.Aborted, Gone);
    }

    private static void PassHead(Exchange exchange, HttpResponseMessage reply)
    {
        exchange.IsAnswered = true;
        var response = exchange.Http.Response;
        if (exchange.IsBegun)
        {
            // Its chunks are the web server's, which sends no trailers
            reply.Headers.Trailer.Clear();
            return;
        }
        response.StatusCode = (int)reply.StatusCode;
        if (exchange.Http.Features.Get<IHttpResponseFeature>() is { } head) head.ReasonPhrase = reply.ReasonPhrase;
        ProxyHeaders.CopyResponse(reply, response.Headers);
    }

    private static string WhoCancelled(LlmRequest request) => request.CancelReason is { } reason ? $"cancelled: {reason}" : "cancelled by hand";

    private static (bool IsUnreachable, string Text) Reason(Exception exception) => exception.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => (true, "the connection was refused"),
        var other => (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }, other.Message.TrimEnd('.')),
    };
}

/// <summary>How passing on ended.</summary>
/// <param name="Outcome">Null when the exchange passed whole, whatever the server said in it.</param>
/// <param name="Error">What went wrong, in words.</param>
internal readonly record struct ForwardResult(LlmOutcome? Outcome, string? Error);
