namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>The spool as far as the disk allows: it never throws, says once what is wrong and tries again later.</summary>
internal sealed partial class SpoolStage(Func<Spool> open, TimeProvider time, ILogger<SpoolStage> logger) : IDisposable
{
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private Spool? _spool;
    private long? _failedAt;
    private long _failureCount;
    private long _writtenCount;
    private volatile string? _writeProblem;
    private volatile string? _readProblem;
    private volatile Seen _seen = new(0, 0, default);

    /// <summary>Messages on disk that were not delivered yet.</summary>
    public int Count => _seen.Count;

    /// <summary>Size of the files.</summary>
    public long Bytes => _seen.Bytes;

    /// <summary>What was given up, since start.</summary>
    public SpoolLosses Losses => _seen.Losses;

    /// <summary>Messages written since start.</summary>
    public long WrittenCount => Volatile.Read(ref _writtenCount);

    /// <summary>Operations that the disk refused, since start.</summary>
    public long FailureCount => Volatile.Read(ref _failureCount);

    /// <summary>Why the disk is of no use now; null when it is.</summary>
    public string? Problem => _writeProblem ?? _readProblem;

    /// <summary>Opens the spool, or finds out whether it can be written again; true when it can be.</summary>
    public bool TryBeReady()
    {
        if (_failedAt is { } failedAt && time.GetElapsedTime(failedAt) < RetryInterval) return false;
        if (_spool is null)
        {
            if (!TryWrite(() => _spool = open())) return false;
            if (Count > 0 || Losses.Total > 0) Log.Found(logger, Count, Losses.Damaged, Losses.UnknownType);
            return true;
        }

        return _failedAt is null || TryWrite(_spool.Probe);
    }

    /// <summary>Adds messages; those that are on disk have their place in <paramref name="ends"/>.</summary>
    public void Append(IReadOnlyList<UplinkMessage> messages, List<SpoolPosition> ends)
    {
        var before = ends.Count;
        TryWrite(() => _spool!.Append(messages, ends));
        Interlocked.Add(ref _writtenCount, ends.Count - before);
    }

    /// <summary>The oldest messages, and the place behind each; they stay.</summary>
    public void Peek(int maxCount, int maxBytes, List<UplinkMessage> messages, List<SpoolPosition> ends)
    {
        if (Count > 0) TryRead(() => _spool!.Peek(maxCount, maxBytes, messages, ends));
    }

    /// <summary>Removes delivered messages.</summary>
    public void Remove(IEnumerable<SpoolPosition> ends) => TryRead(() => _spool!.Remove(ends));

    /// <summary>Makes what was written safe against a loss of power.</summary>
    public void Flush()
    {
        if (_spool is not null) TryWrite(_spool.Flush);
    }

    public void Dispose() => _spool?.Dispose();

    private bool TryWrite(Action operation)
    {
        var before = Problem;
        _writeProblem = Try(operation);
        _failedAt = _writeProblem is null ? null : time.GetTimestamp();
        LogChange(before);
        return _writeProblem is null;
    }

    private void TryRead(Action operation)
    {
        var before = Problem;
        _readProblem = Try(operation);
        LogChange(before);
    }

    private string? Try(Action operation)
    {
        try
        {
            operation();
            return null;
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref _failureCount);
            return exception.Message;
        }
        finally
        {
            if (_spool is not null) _seen = new(_spool.Count, _spool.Bytes, _spool.Losses);
        }
    }

    // The text names files, and those change: only the change from good to bad and back is news
    private void LogChange(string? before)
    {
        if (before is null && Problem is { } problem) Log.Unusable(logger, problem);
        else if (before is not null && Problem is null) Log.UsableAgain(logger);
    }

    private sealed record Seen(int Count, long Bytes, SpoolLosses Losses);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information,
            Message = "{Count} messages of an earlier run wait on disk; {Damaged} were damaged and {Unknown} are of another version, those are lost")]
        public static partial void Found(ILogger logger, int count, long damaged, long unknown);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What the broker does not take cannot be kept on disk, it waits in memory: {Reason}")]
        public static partial void Unusable(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "What the broker does not take is kept on disk again")]
        public static partial void UsableAgain(ILogger logger);
    }
}
