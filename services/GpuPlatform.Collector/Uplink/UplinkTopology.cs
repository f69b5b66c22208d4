using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Uplink;

/// <summary>The way of one message type through the broker.</summary>
/// <param name="Exchange">Exchange the message is published to.</param>
/// <param name="Urn">Name of the type in the envelope.</param>
/// <param name="Queues">Durable queues that take it, declared before the first message.</param>
internal sealed record UplinkRoute(string Exchange, string Urn, IReadOnlyList<string> Queues);

/// <summary>The message types that a service sends.</summary>
internal sealed class UplinkTopology
{
    private readonly Dictionary<Type, UplinkRoute> _routes = [];

    public IReadOnlyCollection<UplinkRoute> Routes => _routes.Values;

    /// <summary>Adds a message type with the queues that the contracts give it.</summary>
    public UplinkTopology Add<T>()
    {
        _routes[typeof(T)] = new(WireTopology.ExchangeFor<T>(), WireTopology.UrnFor<T>(), WireTopology.QueuesFor<T>());
        return this;
    }

    /// <exception cref="InvalidOperationException">The type was not added.</exception>
    public UplinkRoute RouteOf<T>() => _routes.TryGetValue(typeof(T), out var route)
        ? route
        : throw new InvalidOperationException($"{typeof(T)} is not among the messages of this uplink: add it in AddUplink.");

    /// <summary>The way of the type with that name in the envelope; null when this service does not send it.</summary>
    public UplinkRoute? Find(string urn) => _routes.Values.FirstOrDefault(route => route.Urn == urn);
}
