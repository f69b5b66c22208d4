using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>
/// A server that behaves on the wire as Ollama does: shapes, timing, errors and endings. What its models answer is a <see cref="ReplyScript"/>;
/// what it was asked is in <see cref="Requests"/>. It has no model until one is put on <see cref="Models"/>.
/// </summary>
internal sealed class OllamaDouble : IAsyncDisposable, IHttpApplication<HttpContext>
{
    private readonly KestrelServer _server;
    private readonly List<SeenRequest> _requests = [];
    private readonly Lock _lock = new();
    private int _answers;

    private OllamaDouble(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        // Inline, so that a piece is in the socket when its write returns: what breaks a stream must not overtake it
        var transport = Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true });
        _server = new KestrelServer(Options.Create(options), new SocketTransportFactory(transport, NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        Models = new ModelShelf(Now);
    }

    /// <summary>Starts one on a port of loopback; 0 takes a free one.</summary>
    public static async Task<OllamaDouble> StartAsync(int port = 0)
    {
        var started = new OllamaDouble(port);
        await started._server.StartAsync(started, CancellationToken.None);
        return started;
    }

    public Uri Address => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public ModelShelf Models { get; }

    /// <summary>Files uploaded or pulled, by digest.</summary>
    public HashSet<string> Blobs { get; } = [];

    /// <summary>When set, every timestamp in a reply counts from here, so that the same question gets the same bytes. Waiting is real all the same.</summary>
    public DateTimeOffset? StandingClock { get; set; }

    public string Version { get; set; } = "0.12.6";

    /// <summary>Stands above the scripts of the models; null leaves it to them.</summary>
    public Func<SeenRequest, ReplyScript?>? Script { get; set; }

    /// <summary>All that was asked, in order of arrival.</summary>
    public IReadOnlyList<SeenRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    public DateTimeOffset Now() => StandingClock ?? DateTimeOffset.UtcNow;

    /// <summary>Number of an answer, for its ids: 1 for the first.</summary>
    public int CountAnswer() => Interlocked.Increment(ref _answers);

    /// <summary>As if the server had just been started, with these models on its disk.</summary>
    public void Restart(params IEnumerable<OllamaModel> models)
    {
        lock (_lock) _requests.Clear();
        _answers = 0;
        Blobs.Clear();
        Models.Clear();
        foreach (var model in models) Models.Put(model);
    }

    public async ValueTask DisposeAsync()
    {
        // What still hangs is not waited for
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(now.Token);
        _server.Dispose();
        Models.Clear();
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
    }

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        var seen = See(context);
        await using var gone = context.RequestAborted.Register(seen.Abort);
        try
        {
            if (OriginRules.Answers(context)) return;
            var exchange = new Exchange(this, context, seen);
            await exchange.ReadBodyAsync();
            await Router.AnswerAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
        finally
        {
            seen.Status = context.Response.StatusCode;
            // What waited for the client may go on before the registration above is called
            if (context.RequestAborted.IsCancellationRequested) seen.Abort();
            seen.End();
        }
    }

    private SeenRequest See(HttpContext context)
    {
        var headers = context.Request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")));
        lock (_lock)
        {
            var seen = new SeenRequest
            {
                Number = _requests.Count + 1,
                Method = context.Request.Method,
                Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                Headers = [.. headers],
            };
            _requests.Add(seen);
            return seen;
        }
    }
}
