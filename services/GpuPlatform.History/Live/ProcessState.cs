using GpuPlatform.Contracts;

namespace GpuPlatform.History.Live;

/// <summary>The latest of one process on one GPU, by the same rules of time as its row in the database.</summary>
internal sealed class ProcessState
{
    private GpuProcessObserved? _description;
    private DateTimeOffset _lastSeenAt;
    private DateTimeOffset _memoryAt;
    private long? _memoryUsedBytes;
    private GpuProcessUsage? _usage;
    private DateTimeOffset _usageAt;

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>False when so far only its end was heard of.</summary>
    public bool IsSeen => _lastSeenAt != default;

    public void See(DateTimeOffset at, long? memoryUsedBytes)
    {
        if (memoryUsedBytes is { } bytes && (at > _memoryAt || (at == _memoryAt && !(bytes < _memoryUsedBytes))))
            (_memoryAt, _memoryUsedBytes) = (at, memoryUsedBytes);
        if (at > _lastSeenAt)
            _lastSeenAt = at;
        if (EndedAt < at)
            EndedAt = null;
    }

    /// <summary>It was listed, with what it used then. A share that a newer list does not tell is not known any more.</summary>
    public void Use(DateTimeOffset at, GpuProcessUsage usage)
    {
        if (_usage is null || at >= _usageAt)
            (_usage, _usageAt) = (usage, at);
        See(at, usage.MemoryUsedBytes);
    }

    public void Describe(GpuProcessObserved observed)
    {
        if (_description is null || observed.ObservedAt >= _description.ObservedAt)
            _description = observed;
        See(observed.ObservedAt, observed.MemoryUsedBytes);
    }

    public void End(DateTimeOffset at)
    {
        if (at >= _lastSeenAt && (EndedAt is null || at < EndedAt))
            EndedAt = at;
    }

    /// <summary>A complete list of <paramref name="at"/> does not hold it: it is gone, unless something newer saw it.</summary>
    public void EndUnseen(DateTimeOffset at)
    {
        if (EndedAt is null && _lastSeenAt < at)
            EndedAt = at;
    }

    public GpuProcess ToContract(string gpuUuid, ProcessId id, ProcessClassified? verdict) => new()
    {
        GpuUuid = gpuUuid,
        Pid = id.Pid,
        StartedAt = id.StartedAt,
        Name = _description?.Name,
        ExecutablePath = _description?.ExecutablePath,
        CommandLine = _description?.CommandLine,
        UserName = _description?.UserName,
        Scope = _description?.Scope,
        Environment = _description?.Environment,
        Context = _description?.Context,
        MemoryUsedBytes = _memoryUsedBytes,
        SmPercent = _usage?.SmPercent,
        MemoryPercent = _usage?.MemoryPercent,
        EncoderPercent = _usage?.EncoderPercent,
        DecoderPercent = _usage?.DecoderPercent,
        Kind = verdict?.Kind,
        Confidence = verdict?.Confidence,
        Rule = verdict?.Rule,
        Reason = verdict?.Reason,
        Rules = verdict?.Rules,
    };
}
