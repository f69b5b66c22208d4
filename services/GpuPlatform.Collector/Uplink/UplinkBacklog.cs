using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Messages on their way to the broker, oldest first.</summary>
/// <param name="Messages">Never empty.</param>
/// <param name="Ends">For those that are on disk, which are the first: the place behind them.</param>
internal sealed record UplinkBatch(List<UplinkMessage> Messages, List<SpoolPosition> Ends);

/// <summary>
/// All that waits for the broker, in one order: what is on disk is older than what is in memory. A message is written to disk when it
/// has waited for <see cref="SpillAfter"/>, whatever the reason; a broker that answers never lets it come to that.
/// </summary>
internal sealed class UplinkBacklog(UplinkQueue memory, SpoolStage? spool, TimeProvider time)
{
    internal static readonly TimeSpan SpillAfter = TimeSpan.FromSeconds(0.25);
    private const int StepBytes = 1024 * 1024;

    // Held while the disk works: who hands a message over must never want it
    private readonly Lock _order = new();
    private readonly Lock _signals = new();
    private UplinkBatch? _batch;
    private TaskCompletionSource? _emptied;
    private int _takenCount;
    private long _takenBytes;
    private bool _isClosed;

    /// <summary>Messages not yet confirmed. Never too few: one that is being moved may count twice.</summary>
    public int Count => memory.Count + Volatile.Read(ref _takenCount) + (spool?.Count ?? 0);

    /// <summary>Size of the messages in memory and of the files.</summary>
    public long Bytes => memory.Bytes + Volatile.Read(ref _takenBytes) + (spool?.Bytes ?? 0);

    /// <summary>Messages given up for lack of room.</summary>
    public long DroppedCount => memory.DroppedCount + Losses.PushedOut;

    /// <summary>What the disk could not keep or give back.</summary>
    public SpoolLosses Losses => spool?.Losses ?? default;

    /// <summary>What waits on disk; null when nothing is to be kept there.</summary>
    public SpoolStage? Spool => spool;

    /// <summary>Ends when there is something to take.</summary>
    public Task Arrived => spool is { Count: > 0 } ? Task.CompletedTask : memory.Arrived;

    /// <summary>Ends when nothing is waiting or being sent.</summary>
    public Task Emptied
    {
        get { lock (_signals) return Count == 0 ? Task.CompletedTask : (_emptied ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task; }
    }

    /// <summary>Takes a message without ever waiting for the disk.</summary>
    public void Add(UplinkMessage message) => memory.Add(message);

    /// <summary>The oldest messages; null when there are none. They are <see cref="Complete"/>d before the next are taken.</summary>
    /// <exception cref="NotTakenException">There are messages on disk which cannot be read now.</exception>
    public UplinkBatch? Take(int maxCount)
    {
        lock (_order)
        {
            if (_batch is not null) throw new InvalidOperationException("A batch is being sent already.");
            var batch = new UplinkBatch([], []);
            spool?.Peek(maxCount, StepBytes, batch.Messages, batch.Ends);
            if (batch.Messages.Count == 0)
            {
                if (spool is { Count: > 0 }) throw new NotTakenException($"what waits on disk cannot be read: {spool.Problem}");
                memory.Peek(maxCount, StepBytes, long.MaxValue, batch.Messages);
                SetTaken(batch);
                memory.Remove(batch.Messages);
            }

            return batch.Messages.Count == 0 ? null : _batch = batch;
        }
    }

    /// <summary>The first so many messages of the batch have arrived; the others are the oldest again.</summary>
    public void Complete(int confirmedCount)
    {
        lock (_order)
        {
            if (_batch is not { } batch) return;
            _batch = null;
            if (Math.Min(confirmedCount, batch.Ends.Count) is var onDisk and > 0) spool!.Remove(batch.Ends.Take(onDisk));
            memory.PutBack(batch.Messages.Skip(Math.Max(confirmedCount, batch.Ends.Count)));
            SetTaken(null);
        }

        lock (_signals)
        {
            if (Count > 0) return;
            _emptied?.TrySetResult();
            _emptied = null;
        }
    }

    /// <summary>Writes to disk what has waited for too long, as far as the disk takes it.</summary>
    public void Spill() => Spill(time.GetTimestamp() - (long)(SpillAfter.TotalSeconds * time.TimestampFrequency));

    /// <summary>Ends when something is in memory alone, or at the latest when a disk that failed is to be tried again.</summary>
    public async Task AtRiskAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _takenCount) > 0) return;
        var retry = spool?.Problem is null ? Timeout.InfiniteTimeSpan : SpoolStage.RetryInterval;
        await memory.Arrived.WaitAsync(retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes all to disk that is in memory, and lets the disk go. Nothing is taken or spilled any more.</summary>
    public void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        Spill(long.MaxValue);
        spool?.Flush();
        spool?.Dispose();
    }

    private void Spill(long handedOverBy)
    {
        if (spool is null) return;
        var mayBeMore = true;
        while (mayBeMore)
        {
            // Let go between the steps: what is to be delivered must not wait for all that is to be written
            lock (_order) mayBeMore = spool.TryBeReady() && SpillBatch(handedOverBy) && SpillStep(handedOverBy);
        }
    }

    // What is being sent is older than what is in memory, and goes first
    private bool SpillBatch(long handedOverBy)
    {
        if (_batch is not { } batch || batch.Ends.Count == batch.Messages.Count) return true;
        // A disk that came back with older messages: the batch overtakes them, and its places would not be the first
        if (batch.Ends.Count == 0 && spool!.Count > 0) return false;
        if (batch.Messages[batch.Ends.Count].HandedOverAt > handedOverBy) return false;
        spool!.Append(batch.Messages[batch.Ends.Count..], batch.Ends);
        SetTaken(batch);
        return batch.Ends.Count == batch.Messages.Count;
    }

    private bool SpillStep(long handedOverBy)
    {
        var (messages, ends) = (new List<UplinkMessage>(), new List<SpoolPosition>());
        memory.Peek(int.MaxValue, StepBytes, handedOverBy, messages);
        if (messages.Count == 0) return false;
        spool!.Append(messages, ends);
        memory.Remove(messages.Take(ends.Count));
        return ends.Count == messages.Count;
    }

    private void SetTaken(UplinkBatch? batch)
    {
        var inMemory = batch is null ? [] : batch.Messages[batch.Ends.Count..];
        Volatile.Write(ref _takenCount, inMemory.Count);
        Volatile.Write(ref _takenBytes, inMemory.Sum(message => (long)message.Body.Length));
    }
}
