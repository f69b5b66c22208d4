using GpuPlatform.Collector.Ollama.Requests;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Runs a listener for each model server. One whose address is taken is tried again and again; the others do not wait for it.</summary>
internal sealed class ProxyHost(IOptions<OllamaOptions> options, RequestEntry entry, RequestLog log, TimeProvider time, ILoggerFactory loggers) : IHostedService, IDisposable
{
    private readonly Forwarder _forwarder = new(time);
    private readonly List<ProxyListener> _listeners = [];

    /// <summary>Where each server is listened for, by its name; null while that does not work.</summary>
    public Uri? AddressOf(string server) => _listeners.FirstOrDefault()?.Address;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var server in options.Value.Servers())
        {
            var listener = new ProxyListener(server.Listen, new ModelProxy(server, _forwarder, entry, log, time).AnswerAsync, loggers);
            _listeners.Add(listener);
            await listener.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) await listener.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
        _forwarder.Dispose();
    }
}
