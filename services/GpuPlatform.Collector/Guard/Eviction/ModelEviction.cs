using System.Collections.Concurrent;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>Asks each server in the words of its kind, over connections of its own: past the proxy and its gate, and in no record.</summary>
internal sealed class ModelEviction(TimeProvider time) : IModelEviction, IDisposable
{
    private readonly ConcurrentDictionary<string, ServerSeat> _seats = new();

    public async Task<EvictionLook> LookAsync(ModelServer server, CancellationToken cancellation)
    {
        var seat = SeatOf(server);
        try
        {
            var models = await (await seat.KindAsync(cancellation)).LookAsync(cancellation);
            return models is null ? new EvictionLook(null, $"{server.Name} does not say which models it has in memory") : new EvictionLook(models, null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            seat.Forget();
            return new EvictionLook(null, $"{server.Name}: {e.Message}");
        }
    }

    public Task<string?> UnloadAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation) =>
        AskAsync(server, kind => kind.UnloadAsync(models, cancellation), cancellation);

    public Task<string?> WarmAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation) =>
        AskAsync(server, kind => kind.WarmAsync(models, cancellation), cancellation);

    public void Dispose()
    {
        foreach (var seat in _seats.Values) seat.Dispose();
    }

    private async Task<string?> AskAsync(ModelServer server, Func<ServerEviction, Task<string?>> ask, CancellationToken cancellation)
    {
        var seat = SeatOf(server);
        try
        {
            return await ask(await seat.KindAsync(cancellation)) is { } problem ? $"{server.Name}: {problem}" : null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // What answers next may be another server, or another version
            seat.Forget();
            return $"{server.Name}: {e.Message}";
        }
    }

    private ServerSeat SeatOf(ModelServer server) => _seats.GetOrAdd(server.Name, _ => new ServerSeat(server, time));

    /// <summary>One server, and of which kind it turned out to be.</summary>
    private sealed class ServerSeat(ModelServer server, TimeProvider time) : IDisposable
    {
        // A model that takes long to go keeps no other from being told
        private const int MostConnections = 8;

        private readonly ServerClient _client = new(server.Upstream, time, MostConnections);
        private volatile ServerEviction? _kind;

        public async ValueTask<ServerEviction> KindAsync(CancellationToken cancellation) => _kind ??= await ServerEviction.ChooseAsync(server, _client, time, cancellation);

        public void Forget() => _kind = null;

        public void Dispose() => _client.Dispose();
    }
}
