namespace GpuPlatform.Collector.Uplink;

/// <summary>Opens links to the broker. The seam at which tests put a broker of their own.</summary>
internal interface IBrokerConnector
{
    /// <summary>Host and port, for logs: never the credentials.</summary>
    string Address { get; }

    /// <summary>Connects and declares exchanges, queues and bindings.</summary>
    Task<IBrokerLink> ConnectAsync(CancellationToken cancellationToken);
}

/// <summary>One connection to the broker. It is never repaired: what failed once is thrown away for a new one.</summary>
internal interface IBrokerLink : IAsyncDisposable
{
    /// <summary>Ends with the reason when the connection is gone.</summary>
    Task<string> Closed { get; }

    /// <summary>Ends when the broker has confirmed that the message is safe in every queue; throws when it is not.</summary>
    Task PublishAsync(UplinkMessage message, string? traceParent, CancellationToken cancellationToken);
}

/// <summary>The broker did not take a message; the text says why to a person.</summary>
internal sealed class NotTakenException(string message, Exception? inner = null) : Exception(message, inner);
