using GpuPlatform.Contracts;

namespace GpuPlatform.History.Live;

/// <summary>The latest of one process on one GPU, by the same rules of time as its row in the database.</summary>
internal sealed class ProcessState
{
    private GpuProcessObserved? _description;
    private DateTimeOffset _lastSeenAt;
    private DateTimeOffset _memoryAt;
    private long? _memoryUsedBytes;

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>False when so far only its end was heard of.</summary>
    public bool IsSeen => _lastSeenAt != default;

    public void See(DateTimeOffset at, long? memoryUsedBytes)
    {
        if (at >= _memoryAt && memoryUsedBytes is not null)
            (_memoryAt, _memoryUsedBytes) = (at, memoryUsedBytes);
        if (at > _lastSeenAt)
            _lastSeenAt = at;
        if (EndedAt < at)
            EndedAt = null;
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
        Kind = verdict?.Kind,
        Confidence = verdict?.Confidence,
        Rule = verdict?.Rule,
        Reason = verdict?.Reason,
    };
}
