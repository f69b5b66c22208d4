using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Live;

/// <summary>Tells every open feed which node has changed. Never waits for a reader.</summary>
internal sealed class LiveHub(HistoryMetrics metrics, IOptions<HistoryOptions> options)
{
    private readonly ConcurrentDictionary<LiveSubscription, byte> _subscriptions = new();
    private int _open;

    /// <summary>Null when <see cref="HistoryOptions.MaxFeeds"/> feeds are open.</summary>
    public LiveSubscription? TrySubscribe()
    {
        if (Interlocked.Increment(ref _open) > options.Value.MaxFeeds)
        {
            Interlocked.Decrement(ref _open);
            return null;
        }

        var subscription = new LiveSubscription(Leave);
        _subscriptions.TryAdd(subscription, 0);
        metrics.SubscriberCame();
        return subscription;
    }

    public void Changed(string nodeId)
    {
        foreach (var (subscription, _) in _subscriptions)
            subscription.Mark(nodeId);
    }

    /// <summary>A sign of life on every feed.</summary>
    public void Beat()
    {
        foreach (var (subscription, _) in _subscriptions)
            subscription.Beat();
    }

    private void Leave(LiveSubscription subscription)
    {
        if (!_subscriptions.TryRemove(subscription, out _))
            return;
        Interlocked.Decrement(ref _open);
        metrics.SubscriberLeft();
    }
}
