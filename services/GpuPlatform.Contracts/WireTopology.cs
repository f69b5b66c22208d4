namespace GpuPlatform.Contracts;

/// <summary>
/// Who listens to what on the broker. A message exchange is a durable fanout named <c>Namespace:Type</c>; every durable queue below is
/// declared by both sides with the same arguments, so that a message published before a consumer ever ran waits for it
/// instead of being dropped.
/// </summary>
public static class WireTopology
{
    /// <summary>Durable queue of the history service.</summary>
    public const string HistoryQueue = "history";

    /// <summary>Durable queue of the classifier; its replicas share it.</summary>
    public const string ClassifierQueue = "classifier";

    /// <summary>AMQP header that carries the producer's W3C trace context (MassTransit's name for it).</summary>
    public const string TraceHeader = "MT-Activity-Id";

    /// <summary>Content type of the message envelope.</summary>
    public const string EnvelopeContentType = "application/vnd.masstransit+json";

    /// <summary>The durable queues that take messages of type <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not a message of this system.</exception>
    public static IReadOnlyList<string> QueuesFor<T>() =>
        typeof(T) == typeof(GpuSampled) || typeof(T) == typeof(HostSampled) || typeof(T) == typeof(ProcessClassified)
        || typeof(T) == typeof(LlmRequestCompleted) || typeof(T) == typeof(LlmActivity) || typeof(T) == typeof(ModelResidencyChanged)
        || typeof(T) == typeof(GuardChanged) ? [HistoryQueue]
        : typeof(T) == typeof(GpuProcessObserved) ? [HistoryQueue, ClassifierQueue]
        // Of worth to those alone who listen at that moment
        : typeof(T) == typeof(NodeAsked) || typeof(T) == typeof(NodeAnswered) ? []
        : throw new NotSupportedException($"{typeof(T)} is not a message of this system");

    /// <summary>Name of the exchange that messages of type <typeparamref name="T"/> are published to.</summary>
    public static string ExchangeFor<T>() => $"{typeof(T).Namespace}:{typeof(T).Name}";

    /// <summary>The envelope's type name for messages of type <typeparamref name="T"/>.</summary>
    public static string UrnFor<T>() => $"urn:message:{typeof(T).Namespace}:{typeof(T).Name}";
}
