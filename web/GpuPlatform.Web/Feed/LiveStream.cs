using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>An open <see cref="Routes.Live"/> feed.</summary>
internal sealed class LiveStream(Stream body, TimeProvider time, IDisposable? owner = null) : IAsyncDisposable
{
    /// <summary>History sends an event or a heartbeat at least every 15 s; twice that without a byte is a dead connection.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly SilenceGuardStream _guarded = new(body, Silence, time);

    /// <summary>Every node event until the feed ends; null stands for one that could not be read.</summary>
    public async IAsyncEnumerable<NodeSnapshot?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(_guarded, static (type, data) => type == "node" ? (IsNode: true, Node: Parse(data)) : default);
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            _guarded.EventRead();
            if (item.Data.IsNode) yield return item.Data.Node;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _guarded.DisposeAsync();
        owner?.Dispose();
    }

    internal static NodeSnapshot? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var node = JsonSerializer.Deserialize(json, WireJson.Default.NodeSnapshot);
            return WireCheck.IsWhole(node) ? node : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
