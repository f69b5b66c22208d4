using System.Buffers;
using System.Net;
using System.Text;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Passes one exchange to a model server and back, every piece when it comes.</summary>
internal sealed class Forwarder(TimeProvider time) : IDisposable
{
    private const int BufferBytes = 16 << 10;

    // One connection for each request under way, as clients would have by themselves. Nothing of a request or reply is looked at or added
    private readonly HttpMessageInvoker _upstream = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    /// <summary>Passes the exchange on. Whatever goes wrong is told to the client as far as that can still be, and returned.</summary>
    public async Task<ForwardResult> ForwardAsync(HttpContext http, Uri upstream, RequestContent? body, LlmRequest? request)
    {
        using var linked = request is null ? null : CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, request.Cancelled);
        var cancellation = linked?.Token ?? http.RequestAborted;
        using var message = ToMessage(http, upstream, body);
        try
        {
            using var reply = await _upstream.SendAsync(message, cancellation);
            return await PassBackAsync(http, reply, request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Broken(http, request, e);
        }
    }

    private static HttpRequestMessage ToMessage(HttpContext http, Uri upstream, RequestContent? body)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new HttpRequestMessage(HttpMethod.Parse(http.Request.Method), new Uri(
            upstream.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        ProxyHeaders.CopyRequest(http.Request.Headers, message);
        return message;
    }

    private async Task<ForwardResult> PassBackAsync(HttpContext http, HttpResponseMessage reply, LlmRequest? request, CancellationToken cancellation)
    {
        http.Response.StatusCode = (int)reply.StatusCode;
        if (http.Features.Get<IHttpResponseFeature>() is { } head) head.ReasonPhrase = reply.ReasonPhrase;
        ProxyHeaders.CopyResponse(reply, http.Response.Headers);
        if (request is not null) request.StatusCode = (int)reply.StatusCode;

        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var writer = http.Response.BodyWriter;
            await using var body = await reply.Content.ReadAsStreamAsync(cancellation);
            var reading = body.ReadAsync(buffer, cancellation);
            // A head whose body lets wait for itself goes alone
            if (!reading.IsCompleted) await writer.FlushAsync(cancellation);
            while (await reading is var read and > 0)
            {
                var arrived = time.GetTimestamp();
                var written = writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
                // The copy is looked at while the bytes are already on their way
                if (request is not null)
                {
                    request.ResponseBytes += read;
                    request.Reply?.Read(buffer.AsSpan(0, read), arrived);
                    request.Capture?.Read(buffer.AsSpan(0, read));
                }
                await written;
                reading = body.ReadAsync(buffer, cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        request?.Reply?.End();
        foreach (var (name, values) in reply.TrailingHeaders.NonValidated) http.Response.AppendTrailer(name, values.ToArray());
        return default;
    }

    // A reply that has begun must not look as if it had ended well
    private static ForwardResult Broken(HttpContext http, LlmRequest? request, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested || request is { IsCancelled: true })
        {
            http.Abort();
            return new(LlmOutcome.Aborted, request is { IsCancelled: true } ? "cancelled by hand" : "the client went away");
        }
        if (http.Response.HasStarted) http.Abort();
        else http.Response.StatusCode = StatusCodes.Status502BadGateway;
        return new(LlmOutcome.Failed, exception.Message);
    }

    public void Dispose() => _upstream.Dispose();
}

/// <summary>How passing on ended. <see cref="Outcome"/> is null when the exchange passed whole, whatever the server said in it.</summary>
internal readonly record struct ForwardResult(LlmOutcome? Outcome, string? Error);
