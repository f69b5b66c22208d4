using System.Threading.Channels;

namespace GpuPlatform.History.Live;

/// <summary>
/// What one reader has not seen yet: the ids of changed nodes, each once. A slow reader skips states, because it reads a node's
/// snapshot only when it gets to that node; the size is bounded by the number of nodes.
/// </summary>
internal sealed class LiveSubscription(Action<LiveSubscription> leave) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _beat;

    public void Mark(string nodeId)
    {
        lock (_gate)
        {
            if (_marked.Add(nodeId))
                _order.Enqueue(nodeId);
        }

        _signal.Writer.TryWrite(true);
    }

    public void Beat()
    {
        lock (_gate)
            _beat = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Waits for the next node that has changed; null is a sign of life.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_order.TryDequeue(out var nodeId))
                {
                    _marked.Remove(nodeId);
                    return nodeId;
                }

                if (_beat)
                {
                    _beat = false;
                    return null;
                }
            }

            await _signal.Reader.ReadAsync(cancellation);
        }
    }

    public void Dispose() => leave(this);
}
