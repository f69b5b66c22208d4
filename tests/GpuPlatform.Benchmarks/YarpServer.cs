using System.Net;
using GpuPlatform.Collector.Ollama.Proxy;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace GpuPlatform.Benchmarks;

/// <summary>YARP's forwarder behind the same listener as ours, in a process of its own.</summary>
internal static class YarpServer
{
    public static async Task RunAsync(Uri listen, Uri upstream)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddHttpForwarder().BuildServiceProvider();
        var forwarder = services.GetRequiredService<IHttpForwarder>();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        });
        var config = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromHours(1) };
        var destination = upstream.GetLeftPart(UriPartial.Authority);
        using var listener = new ProxyListener(listen, async http => await forwarder.SendAsync(http, destination, invoker, config));
        await listener.StartAsync(CancellationToken.None);
        await Task.Delay(Timeout.Infinite);
    }
}
