using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>
/// The address that clients use instead of a model server's own. A web server of its own, not the API's: no middleware stands between a reply and its
/// client, no limit holds that the model server does not have, and an address that is taken keeps nobody else from starting.
/// </summary>
internal sealed class ProxyListener : IDisposable
{
    private readonly KestrelServer _server;
    private readonly ProxyApplication _application;

    public ProxyListener(Uri listen, Func<HttpContext, Task> answer)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowSynchronousIO = false,
            // A target with an authority in it says which host is meant (RFC 9112 §3.2.2)
            AllowHostHeaderOverride = true,
            RequestHeaderEncodingSelector = _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = _ => Encoding.Latin1,
        };
        Unlimited(options.Limits);
        options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        // Its own log speaks of every failed start at the highest level; who starts it says that once
        var loggers = NullLoggerFactory.Instance;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
        _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add(ToListen(listen));
        _application = new ProxyApplication(answer);
    }

    /// <summary>The address with its port, known once started.</summary>
    public Uri Address => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not this host's, or its port not for this user.</exception>
    public Task StartAsync(CancellationToken cancellation) => _server.StartAsync(_application, cancellation);

    /// <summary>Takes no more connections, and ends those that are open when <paramref name="cancellation"/> says so.</summary>
    public Task StopAsync(CancellationToken cancellation) => _server.StopAsync(cancellation);

    public void Dispose() => _server.Dispose();

    // The web server listens on both families for localhost, but cannot find one free port for both
    private static string ToListen(Uri listen) =>
        ProxyAccess.IsLocalhost(listen) && listen.Port == 0 ? $"http://{IPAddress.Loopback}:0" : listen.GetLeftPart(UriPartial.Authority);

    // Images and model files are large, a model may be silent for minutes, and Ollama never closes a connection that waits for its next request
    private static void Unlimited(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        limits.MaxRequestHeadersTotalSize = 1 << 20;
        limits.MaxRequestHeaderCount = 1000;
        limits.MaxRequestLineSize = 64 << 10;
    }

    private sealed class ProxyApplication(Func<HttpContext, Task> answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
