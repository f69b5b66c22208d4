using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

internal static class ProxyHosts
{
    private static readonly Counter<long> Refused = new Meter("test").CreateCounter<long>("refused");

    public static ProxyHost Of(OllamaOptions options, TimeProvider time, params IRequestObserver[] observers)
    {
        var configured = Options.Create(options);
        var log = new RequestLog(observers, time, NullLogger<RequestLog>.Instance);
        return new ProxyHost(configured, new RequestEntry(log, new ClientIdentity(configured, new ClientNames(Refused, NullLogger<ClientNames>.Instance)), configured), log, time, NullLoggerFactory.Instance);
    }
}
