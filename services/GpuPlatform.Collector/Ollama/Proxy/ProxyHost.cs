using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama.Requests;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Runs a listener for each model server. One whose address cannot be had is tried again and again; nobody waits for it.</summary>
internal sealed class ProxyHost : IHostedService, IDisposable
{
    // A stream may run for an hour, and no one who stops the collector waits for that
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Forwarder _forwarder;
    private readonly ListenerSeat[] _seats;
    private Task _taking = Task.CompletedTask;

    public ProxyHost(
        IOptions<OllamaOptions> options, IOptions<GateOptions> gateOptions, ModelGate gate, RequestEntry entry, RequestLog log, TimeProvider time, ILoggerFactory loggers)
    {
        var keys = new ApiKeys(options.Value.Keys);
        var hosts = new HostGuard(options.Value);
        _forwarder = new Forwarder(keys, time, _stopping.Token);
        var keeper = new GateKeeper(gate, gateOptions.Value, _forwarder, time);
        _seats = [.. options.Value.Servers().Select(server =>
        {
            var guard = new ProxyGuard(hosts, keys, server);
            var proxy = new ModelProxy(server, guard, _forwarder, gate, keeper, entry, log, options.Value.InjectUsage, time, loggers.CreateLogger<ModelProxy>());
            return new ListenerSeat(server, KeyOf(server, "Listen"), proxy, time, loggers.CreateLogger<ProxyHost>());
        })];
    }

    /// <summary>Where each server is listened for, or why it is not.</summary>
    public IEnumerable<(ModelServer Server, ListenState State)> States => _seats.Select(seat => (seat.Server, seat.State));

    /// <summary>Where a server is listened for, or why it is not; null when there is none of that name.</summary>
    public ListenState? StateOf(string server) => Array.Find(_seats, seat => seat.Server.Name == server)?.State;

    /// <summary>Where a server is listened for; null while that does not work.</summary>
    public Uri? AddressOf(string server) => StateOf(server)?.Address;

    /// <summary>The key that says something of a server.</summary>
    public static string KeyOf(ModelServer server, string name) => server.IsOllama ? $"Ollama:{name}" : $"Ollama:Servers:{server.Name}:{name}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var tries = _seats.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        _taking = Task.WhenAll(_seats.Zip(tries, (seat, tried) => seat.TakeAsync(tried, _stopping.Token)));
        return Task.WhenAll(tries.Select(tried => tried.Task)).WaitAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _taking;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopLimit);
        // Whoever is stopped after this may block, which nobody may on a thread of a socket
        await Task.WhenAll(_seats.Select(seat => seat.StopAsync(limit.Token))).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    public void Dispose()
    {
        foreach (var seat in _seats) seat.Dispose();
        _forwarder.Dispose();
        _stopping.Dispose();
    }
}
