using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
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

    public ProxyListener(Uri listen, Func<HttpContext, Task> answer, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false, AllowHostHeaderOverride = false };
        Unlimited(options.Limits);
        options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
        _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add(listen.GetLeftPart(UriPartial.Authority));
        _application = new ProxyApplication(answer);
    }

    /// <summary>The address with its port, known once started.</summary>
    public Uri Address => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <exception cref="IOException">The address is taken or not this host's.</exception>
    public Task StartAsync(CancellationToken cancellation) => _server.StartAsync(_application, cancellation);

    public Task StopAsync(CancellationToken cancellation) => _server.StopAsync(cancellation);

    public void Dispose() => _server.Dispose();

    // Images and model files are large, and a model may be silent for minutes
    private static void Unlimited(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
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
