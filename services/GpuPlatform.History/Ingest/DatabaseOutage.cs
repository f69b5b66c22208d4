using System.Net.Sockets;
using Npgsql;

namespace GpuPlatform.History.Ingest;

/// <summary>Holds messages while the database is away: an attempt is repeated, with growing pauses, until it succeeds.</summary>
internal sealed partial class DatabaseOutage(TimeProvider time, HistoryMetrics metrics, ILogger<DatabaseOutage> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private int _away;

    public async Task<T> OutlastAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                var result = await attempt(cancellation);
                if (Volatile.Read(ref _away) != 0 && Interlocked.Exchange(ref _away, 0) != 0)
                    Log.Back(logger);
                return result;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && !BlamesTheMessage(failure))
            {
                metrics.CountRetry();
                if (Interlocked.Exchange(ref _away, 1) == 0)
                    Log.Away(logger, failure.GetBaseException().Message);
            }

            await Task.Delay(delay, time, cancellation);
        }
    }

    /// <summary>
    /// Only what the database says of the data itself (classes 22 and 23), and what is no database error at all, is the message's fault.
    /// Everything else — connection lost, disk full, shutting down, deadlock, read-only, schema missing — passes, and the message waits.
    /// </summary>
    internal static bool BlamesTheMessage(Exception failure) => failure switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] } => true,
        NpgsqlException or TimeoutException or IOException or SocketException or OperationCanceledException or ObjectDisposedException => false,
        _ => true,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database is away ({Reason}); messages wait until it is back")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "The database is back")]
        public static partial void Back(ILogger logger);
    }
}
