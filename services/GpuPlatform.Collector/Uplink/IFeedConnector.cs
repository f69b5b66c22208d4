namespace GpuPlatform.Collector.Uplink;

/// <summary>Takes a message as it came, which is valid during the call alone. Must be quick, and never throw.</summary>
/// <param name="body">The envelope as JSON.</param>
/// <param name="traceParent">W3C id of the span in which it was sent; null when there was none.</param>
internal delegate void FeedReceiver(ReadOnlySpan<byte> body, string? traceParent);

/// <summary>Listens to what others publish from now on; nothing is kept while nobody listens. The seam at which tests put a broker of their own.</summary>
internal interface IFeedConnector
{
    /// <summary>Host and port, for logs: never the credentials.</summary>
    string Address { get; }

    /// <summary>Ends when whatever is published from then on will be received, one message at a time.</summary>
    Task<IFeedLink> ConnectAsync(FeedReceiver receive, CancellationToken cancellationToken);
}

/// <summary>One subscription. It is never repaired: what failed once is thrown away for a new one.</summary>
internal interface IFeedLink : IAsyncDisposable
{
    /// <summary>Ends with the reason when nothing more will come.</summary>
    Task<string> Closed { get; }
}
