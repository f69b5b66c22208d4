using GpuPlatform.Contracts;

namespace GpuPlatform.History.Live;

/// <summary>Identity of a process on its host. Cut to microseconds, as the database keeps instants.</summary>
internal readonly record struct ProcessId(int Pid, DateTimeOffset StartedAt)
{
    public static ProcessId From(int pid, DateTimeOffset startedAt) =>
        new(pid, new DateTimeOffset(startedAt.UtcTicks - startedAt.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero));
}

/// <summary>The latest of one node. Messages may come in any order and more than once: instants decide.</summary>
internal sealed class NodeState(string nodeId, DateTimeOffset createdAt)
{
    private static readonly TimeSpan KeepEnded = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string GpuUuid, ProcessId Id), ProcessState> _processes = [];
    private readonly Dictionary<ProcessId, ProcessClassified> _verdicts = [];
    private readonly Dictionary<string, DateTimeOffset> _listedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DetailState> _details = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GuardChanged> _guard = new(StringComparer.Ordinal);
    private GpuSampled? _gpus;
    private HostSampled? _host;
    private LlmActivity? _llm;
    private DateTimeOffset _llmAt;
    private DateTimeOffset _llmHeardAt;
    private DateTimeOffset _lastSeenAt;
    private DateTimeOffset _heardAt = createdAt;
    private NodeSnapshot? _snapshot;

    public bool IsStale { get; private set; }

    public void Apply(GpuSampled message, DateTimeOffset now)
    {
        lock (_gate)
        {
            Hear(message.SampledAt, now);
            if (_gpus is null || message.SampledAt > _gpus.SampledAt)
                TakeNewest(message);
            foreach (var gpu in message.Gpus)
            {
                TakeDetails(gpu, message.SampledAt);
                if (gpu.Processes is null)
                    continue;
                List(gpu.Uuid, message.SampledAt);
                foreach (var usage in gpu.Processes)
                    At(gpu.Uuid, ProcessId.From(usage.Pid, usage.StartedAt)).Use(message.SampledAt, usage);
            }

            EndMissing(message);
        }
    }

    public void Apply(HostSampled message, DateTimeOffset now)
    {
        lock (_gate)
        {
            Hear(message.SampledAt, now);
            if (_host is null || message.SampledAt > _host.SampledAt)
                _host = message;
        }
    }

    public void Apply(LlmActivity message, DateTimeOffset now)
    {
        lock (_gate)
        {
            Hear(message.SampledAt, now);
            // Compared with the newest ever heard of, shown or not: one that was overtaken says nothing of the present
            if (message.SampledAt > _llmAt)
                (_llm, _llmAt, _llmHeardAt) = (message, message.SampledAt, now);
        }
    }

    public void Apply(GpuProcessObserved message)
    {
        lock (_gate)
        {
            _snapshot = null;
            var process = At(message.GpuUuid, ProcessId.From(message.Pid, message.StartedAt));
            if (message.Change == ProcessChange.Exited)
                process.End(message.ObservedAt);
            else
                process.Describe(message);
            EndUnlisted(message.GpuUuid, process);
        }
    }

    public void Apply(ProcessClassified message)
    {
        lock (_gate)
        {
            _snapshot = null;
            var id = ProcessId.From(message.Pid, message.StartedAt);
            if (!_verdicts.TryGetValue(id, out var known) || IsNewer(message, known))
                _verdicts[id] = message;
        }
    }

    /// <summary>The newest step of each GPU is where it is now.</summary>
    public void Apply(GuardChanged message)
    {
        lock (_gate)
        {
            _snapshot = null;
            if (!_guard.TryGetValue(message.GpuUuid, out var known) || message.ChangedAt > known.ChangedAt)
                _guard[message.GpuUuid] = message;
        }
    }

    /// <summary>The process was listed with these shares; used when the state is read back from the database.</summary>
    public void Use(string gpuUuid, DateTimeOffset at, GpuProcessUsage usage)
    {
        lock (_gate)
        {
            _snapshot = null;
            At(gpuUuid, ProcessId.From(usage.Pid, usage.StartedAt)).Use(at, usage);
        }
    }

    /// <summary>The newest details that the database knows of.</summary>
    public void Read(string gpuUuid, GpuDetails details, DateTimeOffset at)
    {
        lock (_gate)
        {
            _snapshot = null;
            DetailsOf(gpuUuid).Read(details, at);
        }
    }

    /// <summary>The process was seen; used when the state is read back from the database.</summary>
    public void See(string gpuUuid, ProcessId id, DateTimeOffset at, long? memoryUsedBytes)
    {
        lock (_gate)
        {
            _snapshot = null;
            At(gpuUuid, id).See(at, memoryUsedBytes);
        }
    }

    /// <summary>The processes of the GPU were listed; what was last seen before the newest list is gone, however late it is heard of.</summary>
    public void List(string gpuUuid, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (at > _listedAt.GetValueOrDefault(gpuUuid))
                _listedAt[gpuUuid] = at;
        }
    }

    /// <summary>Decides on staleness and forgets what ended long ago. True when subscribers should hear of it.</summary>
    public bool Tick(DateTimeOffset now, TimeSpan staleAfter)
    {
        lock (_gate)
        {
            foreach (var (key, process) in _processes)
                if (process.EndedAt is { } ended && now - ended > KeepEnded)
                    _processes.Remove(key);
            foreach (var (id, verdict) in _verdicts)
                if (now - verdict.ObservedAt > KeepEnded && !_processes.Keys.Any(key => key.Id == id))
                    _verdicts.Remove(id);
            var stale = now - _heardAt > staleAfter;
            var isLlmOver = _llm is not null && now - _llmHeardAt > staleAfter;
            if (stale == IsStale && !isLlmOver)
                return false;
            if (isLlmOver)
                _llm = null;
            IsStale = stale;
            _snapshot = null;
            return true;
        }
    }

    public bool IsForgotten(DateTimeOffset now, TimeSpan forgetAfter)
    {
        lock (_gate)
            return now - _heardAt > forgetAfter;
    }

    public NodeSnapshot? Snapshot()
    {
        lock (_gate)
            return _lastSeenAt == default ? null : _snapshot ??= Build();
    }

    /// <summary>A verdict of a newer observation wins; of equal ones the surer, then the name. The database orders them alike.</summary>
    private static bool IsNewer(ProcessClassified candidate, ProcessClassified known) =>
        (candidate.ObservedAt.CompareTo(known.ObservedAt), candidate.Confidence.CompareTo(known.Confidence)) switch
        {
            (> 0, _) or (0, > 0) => true,
            (0, 0) => string.CompareOrdinal(candidate.Rule, known.Rule) > 0,
            _ => false,
        };

    private void Hear(DateTimeOffset at, DateTimeOffset now)
    {
        _snapshot = null;
        if (at <= _lastSeenAt)
            return;
        _lastSeenAt = at;
        _heardAt = now;
        IsStale = false;
    }

    // The newest tick lists every GPU the host has: of others nothing is kept
    private void TakeNewest(GpuSampled message)
    {
        _gpus = message;
        foreach (var uuid in _details.Keys)
            if (message.Gpus.All(gpu => gpu.Uuid != uuid))
                _details.Remove(uuid);
    }

    private void TakeDetails(GpuSample gpu, DateTimeOffset at)
    {
        if (_gpus!.Gpus.All(known => known.Uuid != gpu.Uuid))
            return;
        if (gpu.State is not GpuState.Active)
            DetailsOf(gpu.Uuid).FallSilent(at);
        else if (gpu.Details is { } details)
            DetailsOf(gpu.Uuid).Read(details, at);
    }

    private DetailState DetailsOf(string gpuUuid)
    {
        if (!_details.TryGetValue(gpuUuid, out var details))
            _details[gpuUuid] = details = new DetailState();
        return details;
    }

    private GpuSample WithDetails(GpuSample gpu) => gpu with
    {
        Details = gpu.State is GpuState.Active ? _details.GetValueOrDefault(gpu.Uuid)?.Current : null,
    };

    private ProcessState At(string gpuUuid, ProcessId id)
    {
        if (!_processes.TryGetValue((gpuUuid, id), out var process))
            _processes[(gpuUuid, id)] = process = new ProcessState();
        return process;
    }

    private void EndMissing(GpuSampled message)
    {
        foreach (var (key, process) in _processes)
        {
            // A GPU that the host no longer has runs nothing.
            if (message.Gpus.All(gpu => gpu.Uuid != key.GpuUuid))
                process.EndUnseen(message.SampledAt);
            EndUnlisted(key.GpuUuid, process);
        }
    }

    private void EndUnlisted(string gpuUuid, ProcessState process)
    {
        if (_listedAt.TryGetValue(gpuUuid, out var at))
            process.EndUnseen(at);
    }

    // Of a GPU that the host no longer has nothing is to be said; before the first tick it is not known which it has
    private bool HasGpu(GuardChanged step) => _gpus is null || _gpus.Gpus.Any(gpu => gpu.Uuid == step.GpuUuid);

    private NodeSnapshot Build() => new()
    {
        NodeId = nodeId,
        LastSeenAt = _lastSeenAt,
        Stale = IsStale,
        GpusSampledAt = _gpus?.SampledAt,
        Gpus = _gpus is null ? [] : [.. _gpus.Gpus.OrderBy(gpu => gpu.Index).ThenBy(gpu => gpu.Uuid, StringComparer.Ordinal).Select(WithDetails)],
        Host = _host,
        Llm = _llm,
        Guard = [.. _guard.Values.Where(HasGpu).OrderBy(step => step.GpuUuid, StringComparer.Ordinal)],
        Processes =
        [
            .. _processes.Where(pair => pair.Value is { IsSeen: true, EndedAt: null })
                .Select(pair => pair.Value.ToContract(pair.Key.GpuUuid, pair.Key.Id, _verdicts.GetValueOrDefault(pair.Key.Id)))
                .OrderByDescending(process => process.MemoryUsedBytes ?? -1).ThenBy(process => process.Pid)
                .ThenBy(process => process.GpuUuid, StringComparer.Ordinal),
        ],
    };
}
