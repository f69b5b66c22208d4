using GpuPlatform.Collector.Ollama.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>One request on its way through the proxy.</summary>
/// <param name="http">The client's side.</param>
/// <param name="server">Who it is for.</param>
/// <param name="renamed">See <see cref="Admission.Renamed"/>.</param>
internal sealed class Exchange(HttpContext http, ModelServer server, bool renamed) : IDisposable
{
    private const int LongBytes = 64 << 10;

    private RequestPeek? _ahead;
    private BodyInsertion? _insertion;
    private bool _isOfUsage;

    public HttpContext Http => http;

    public ModelServer Server => server;

    /// <summary>What is recorded of it; null when no model works for it.</summary>
    public LlmRequest? Request { get; init; }

    public bool IsRenamed => renamed;

    /// <summary>Whether the body leaves with a question for usage put in.</summary>
    public bool IsChanged => _isOfUsage;

    /// <summary>Set when its reply was begun with comments, while it was held: its head has gone.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Set when the server's own reply is being passed on.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Is told when the request is on its way; null when nobody waits for that.</summary>
    public Action? Sent { get; set; }

    /// <summary>Is told when the server has said that it does not know the question for usage.</summary>
    public Action? UsageRefused { get; init; }

    /// <summary>Whether a part of the body has been asked for, so that the client has been told to go on.</summary>
    public bool IsReadAhead => _ahead is not null;

    public bool HasBody => http.Request.ContentLength is not null || http.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>The target as the client wrote it, without the authority that may stand before the path.</summary>
    public string Target
    {
        get
        {
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target.StartsWith('/') || target.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme)) return target;
            var path = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
            return path < 0 ? "/" : target[scheme + 3 + path] == '?' ? "/" + target[(scheme + 3 + path)..] : target[(scheme + 3 + path)..];
        }
    }

    /// <summary>Reads what the body asks for, as far as it can be read at all.</summary>
    public async Task PeekAsync(LlmRequest request, bool insertsUsage, TimeProvider time, CancellationToken cancellation)
    {
        if (!HasBody || !RequestPeek.IsWorthwhile(http.Request)) return;
        _ahead = await RequestPeek.ReadAsync(http.Request.BodyReader, http.Request.ContentLength, cancellation);
        request.RequestBytes += _ahead.Bytes.Length;
        if (_ahead.IsWhole) request.ReceivedTimestamp = time.GetTimestamp();
        // Several milliseconds for the longest, which other streams are not to wait for
        if (_ahead.Bytes.Length > LongBytes) await Task.Yield();
        request.Capture?.ReadRequest(_ahead.Bytes.Span);
        request.Facts = RequestReading.Of(_ahead.Bytes.Span, request.Endpoint, _ahead.IsWhole, out var insertion);
        if (!insertsUsage || insertion is null) return;
        (_insertion, _isOfUsage) = (insertion, true);
        request.Facts = request.Facts with { UsageInjected = true };
    }

    /// <summary>Puts in that the server is to leave the GPU alone; false when it could not be put in, or not so that it holds.</summary>
    public bool TryMoveToProcessor()
    {
        if (Request is not { } request || _ahead is not { IsWhole: true } || ProcessorOption.Find(_ahead.Bytes.Span) is not { } insertion) return false;
        _insertion = insertion;
        request.Facts = request.Facts with { OnProcessor = true };
        return true;
    }

    /// <summary>Takes back what was put in.</summary>
    public void Restore()
    {
        (_insertion, _isOfUsage) = (null, false);
        if (Request is { } request) request.Facts = request.Facts with { UsageInjected = false };
    }

    /// <summary>The body as it leaves; null when there is none.</summary>
    public RequestContent? ToContent(TimeProvider time)
    {
        if (!HasBody) return null;
        var length = http.Request.ContentLength;
        if (_ahead is null) return new RequestContent([], http.Request.BodyReader, length, Request, time);
        return _ahead.IsWhole
            ? new RequestContent(_insertion?.Into(_ahead.Bytes) ?? [_ahead.Bytes], null, length + (_insertion?.AddedBytes ?? 0), null, time) { Sent = Sent }
            : new RequestContent([_ahead.Bytes], http.Request.BodyReader, length, Request, time);
    }

    public void Dispose() => _ahead?.Dispose();
}
