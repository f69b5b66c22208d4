using System.Threading.Channels;

namespace GpuPlatform.Web.Feed;

/// <summary>One circuit's notice that something changed. Notices coalesce: a slow reader finds one, and holds up nobody.</summary>
internal sealed class FeedSubscription(TimeProvider time, Action<FeedSubscription> unsubscribe) : IDisposable
{
    private readonly Channel<bool> _notices =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Notify() => _notices.Writer.TryWrite(true);

    /// <summary>Ends with true at the next notice, with false after <paramref name="atMost"/> without one.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _notices.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => unsubscribe(this);
}
