namespace GpuPlatform.Collector.Uplink;

/// <summary>Messages in memory, in order, bounded in number and in bytes. When it is full the oldest make room for the newest.</summary>
internal sealed class UplinkQueue(int capacity, long capacityBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<UplinkMessage> _waiting = [];
    private readonly long _largestBodyBytes = Math.Min(UplinkMessage.LargestBodyBytes, capacityBytes);
    private TaskCompletionSource _arrived = NewSignal();
    private long _waitingBytes;
    private long _droppedCount;

    public int Count
    {
        get { lock (_gate) return _waiting.Count; }
    }

    public long Bytes
    {
        get { lock (_gate) return _waitingBytes; }
    }

    /// <summary>Messages given up for lack of room.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    /// <summary>Ends when there is a message.</summary>
    public Task Arrived
    {
        get { lock (_gate) return _arrived.Task; }
    }

    public void Add(UplinkMessage message)
    {
        lock (_gate)
        {
            if (message.Body.Length > _largestBodyBytes)
            {
                _droppedCount++;
                return;
            }

            _waiting.AddLast(message);
            _waitingBytes += message.Body.Length;
            Trim();
        }
    }

    /// <summary>Adds the oldest messages to <paramref name="oldest"/>, at least one if there is any that was handed over by then. They stay.</summary>
    public void Peek(int maxCount, long maxBytes, long handedOverBy, List<UplinkMessage> oldest)
    {
        lock (_gate)
        {
            var bytes = 0L;
            for (var node = _waiting.First; node is not null && oldest.Count < maxCount && bytes < maxBytes && node.Value.HandedOverAt <= handedOverBy; node = node.Next)
            {
                oldest.Add(node.Value);
                bytes += node.Value.Body.Length;
            }
        }
    }

    /// <summary>Removes what <see cref="Peek"/> gave, except what has been dropped since.</summary>
    public void Remove(IEnumerable<UplinkMessage> oldest)
    {
        lock (_gate)
        {
            foreach (var message in oldest)
                if (_waiting.First is { } first && ReferenceEquals(first.Value, message)) Unlink(first);
            Signal();
        }
    }

    /// <summary>Messages that were removed and did not arrive are the oldest again.</summary>
    public void PutBack(IEnumerable<UplinkMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages.Reverse())
            {
                _waiting.AddFirst(message);
                _waitingBytes += message.Body.Length;
            }

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
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
