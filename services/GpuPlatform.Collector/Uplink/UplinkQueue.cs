namespace GpuPlatform.Collector.Uplink;

/// <summary>Messages in order, bounded in number and in bytes. When it is full the oldest make room for the newest.</summary>
internal sealed class UplinkQueue(int capacity, long capacityBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<UplinkMessage> _waiting = [];
    private TaskCompletionSource _arrived = NewSignal();
    private TaskCompletionSource? _emptied;
    private UplinkMessage? _taken;
    private long _waitingBytes;
    private long _droppedCount;

    /// <summary>Messages not yet confirmed, with the one that is being sent.</summary>
    public int Count
    {
        get { lock (_gate) return CountUnlocked; }
    }

    public long Bytes
    {
        get { lock (_gate) return _waitingBytes + (_taken?.Body.Length ?? 0); }
    }

    /// <summary>Messages given up for lack of room.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    /// <summary>Ends when there is something to take.</summary>
    public Task Arrived
    {
        get { lock (_gate) return _arrived.Task; }
    }

    /// <summary>Ends when nothing is waiting or being sent.</summary>
    public Task Emptied
    {
        get { lock (_gate) return CountUnlocked == 0 ? Task.CompletedTask : (_emptied ??= NewSignal()).Task; }
    }

    private int CountUnlocked => _waiting.Count + (_taken is null ? 0 : 1);

    public void Add(UplinkMessage message)
    {
        lock (_gate)
        {
            _waiting.AddLast(message);
            _waitingBytes += message.Body.Length;
            Trim();
        }
    }

    /// <summary>The oldest message. It is <see cref="Confirm"/>ed or <see cref="PutBack"/> before the next is taken.</summary>
    public UplinkMessage? Take()
    {
        lock (_gate)
        {
            if (_taken is not null) throw new InvalidOperationException("A message is being sent already.");
            if (_waiting.First is not { } oldest) return null;
            Unlink(oldest);
            _taken = oldest.Value;
            Signal();
            return _taken;
        }
    }

    /// <summary>The message that was taken has arrived.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            _taken = null;
            Signal();
        }
    }

    /// <summary>The message that was taken has not arrived: it is the first again.</summary>
    public void PutBack()
    {
        lock (_gate)
        {
            if (_taken is not { } message) return;
            _taken = null;
            _waiting.AddFirst(message);
            _waitingBytes += message.Body.Length;
            Trim();
        }
    }

    private void Trim()
    {
        while (_waiting.First is { } oldest && (_waiting.Count > capacity || _waitingBytes > capacityBytes))
        {
            Unlink(oldest);
            _droppedCount++;
        }

        Signal();
    }

    private void Unlink(LinkedListNode<UplinkMessage> node)
    {
        _waiting.Remove(node);
        _waitingBytes -= node.Value.Body.Length;
    }

    private void Signal()
    {
        if (_waiting.Count > 0) _arrived.TrySetResult();
        else if (_arrived.Task.IsCompleted) _arrived = NewSignal();

        if (CountUnlocked > 0) return;
        _emptied?.TrySetResult();
        _emptied = null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
