namespace GpuPlatform.Collector.Uplink;

/// <summary>Takes a message as it came, which is valid during the call alone. Must be quick, and never throw.</summary>
/// <param name="exchange">Where it was published.</param>
/// <param name="body">The envelope as JSON.</param>
/// <param name="traceParent">W3C id of the span in which it was sent; null when there was none.</param>
/// <returns>What is sent in answer; null: nothing.</returns>
internal delegate FeedAnswer? FeedReceiver(string exchange, ReadOnlySpan<byte> body, string? traceParent);

/// <summary>What is sent in answer to a message. Nobody makes sure that it arrives: who asked has gone, or asks again.</summary>
/// <param name="Body">The envelope as JSON.</param>
/// <param name="TraceParent">W3C id of the span in which it was made; null without one.</param>
internal sealed record FeedAnswer(byte[] Body, string? TraceParent);

/// <summary>One exchange that is listened to.</summary>
/// <param name="Exchange">Its name.</param>
/// <param name="MostWaiting">Messages the broker keeps while they are not taken; beyond it the oldest go.</param>
/// <param name="KeptFor">How long it keeps each; null: as long as the connection lasts.</param>
internal sealed record FeedSource(string Exchange, int MostWaiting, TimeSpan? KeptFor = null);

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
