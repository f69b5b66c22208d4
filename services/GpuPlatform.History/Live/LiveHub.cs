using System.Collections.Concurrent;

namespace GpuPlatform.History.Live;

/// <summary>Tells every open feed which node has changed. Never waits for a reader.</summary>
internal sealed class LiveHub(HistoryMetrics metrics)
{
    private readonly ConcurrentDictionary<LiveSubscription, byte> _subscriptions = new();

    public LiveSubscription Subscribe()
    {
        var subscription = new LiveSubscription(Leave);
        if (_subscriptions.TryAdd(subscription, 0))
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
        if (_subscriptions.TryRemove(subscription, out _))
            metrics.SubscriberLeft();
    }
}
