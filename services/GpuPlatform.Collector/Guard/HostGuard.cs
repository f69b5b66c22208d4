using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Hands the GPUs of a host over and takes them back. A round looks at everything, steps the machine of each GPU until it rests, and does what they want;
/// nothing in it waits for anybody.
/// </summary>
internal sealed class HostGuard
{
    private const int MostStepsAtOnce = 12;

    // A driver that never lets itself be read must not keep the GPU from the models for ever
    internal static readonly TimeSpan KnownAfter = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan KeptWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EvictionRest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);

    private readonly GuardParts _parts;
    private readonly GuardDemands _demands;
    private readonly TakerRules _rules;
    private readonly ServerGates _gates;
    private readonly GuardSteps _steps;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, GuardedGpu> _gpus = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<GuardedGpu>> _gpusOf = [];
    private readonly TimeSpan _beganAt;
    private TimeSpan _next;
    private volatile bool _isDraining;

    public HostGuard(GuardParts parts)
    {
        (_parts, _beganAt) = (parts, parts.Time.Monotonic());
        _demands = new GuardDemands(parts.Options, parts.Time, parts.Games);
        _rules = new TakerRules(parts.Options);
        _gates = new ServerGates(parts.Gate, parts.Options);
        _steps = new GuardSteps(parts, _gates);
        foreach (var memory in parts.File.Read().Gpus) Add(memory.GpuUuid).Restore(memory, parts.Time);
        // Whoever the last run kept out is not let in before somebody has looked
        SetGates();
    }

    /// <summary>Ends when what the next run must know by now is on the disk, or cannot be.</summary>
    public Task Kept => _parts.File.Idle;

    /// <summary>True while the end of a request is waited for.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>One round. Returns how long may be rested when nothing happens.</summary>
    public TimeSpan Round()
    {
        lock (_lock)
        {
            var now = _parts.Time.Monotonic();
            Take(_parts.Latest.Gpus, now);
            _parts.Sight.Look(_gpus.Values, now);
            SetGates();
            _next = now + LongestRest;
            foreach (var gpu in _gpus.Values) Advance(gpu, now);
            Finish();
            return _next - now < ShortestRest ? ShortestRest : _next - now;
        }
    }

    /// <summary>Takes note of what a person wants, of one GPU or of all, and begins to do it. False: there is no such GPU.</summary>
    public bool Choose(string? gpuUuid, ManualChoice choice)
    {
        lock (_lock)
        {
            var meant = _gpus.Values.Where(gpu => gpuUuid is null || gpu.Uuid.Equals(gpuUuid, StringComparison.OrdinalIgnoreCase)).ToList();
            if (meant.Count == 0) return false;
            foreach (var gpu in meant)
            {
                gpu.Choose(choice, _parts.Time);
                if (!choice.Yields && gpu.View is not null) gpu.Seen = GpuFaults.See(gpu.Board.Details, _parts.Time.GetUtcNow());
            }
        }
        Round();
        // Who was told that it is done finds it so after a restart; a disk that hangs is told of, and keeps nobody waiting
        Kept.Wait(KeptWithin);
        return true;
    }

    /// <summary>To whom each GPU belongs.</summary>
    public GuardReport Report()
    {
        lock (_lock)
            return new GuardReport
            {
                NodeId = _parts.NodeId,
                Enabled = _parts.Options.Enabled,
                Gpus = [.. _gpus.Values.OrderBy(gpu => gpu.Index).Select(ToReport)],
                HeldCount = _parts.Servers.Sum(server => _parts.Gate.HeldCount(server.Server.Name)),
                Problems = Problems(),
            };
    }

    /// <summary>To whom a GPU belongs, and the processes on it that are the model servers' and can be made to leave, by pid.</summary>
    public (GuardState State, IReadOnlySet<int> OwnPids) Look(string gpuUuid)
    {
        lock (_lock)
            return _gpus.TryGetValue(gpuUuid, out var gpu)
                ? (gpu.Machine.State, gpu.Own.Where(server => server.Key.Length > 0).SelectMany(server => server).Select(process => process.Facts.Pid).ToHashSet())
                : (GuardState.Serving, new HashSet<int>());
    }

    private static GuardGpu ToReport(GuardedGpu gpu) => new()
    {
        GpuUuid = gpu.Uuid, GpuIndex = gpu.Index, State = gpu.Machine.State, Since = gpu.ChangedAt, Throttle = gpu.Throttle.Level,
        Reason = gpu.Throttle.Level != ThrottleLevel.None && gpu.Machine.IsOpen ? gpu.Throttle.Reason
            // Another one may have it by now than when it was given away
            : gpu.Machine is { IsOpen: false, Problem: null, Demand: { } demand } ? demand.Reason
            : gpu.Machine.Reason,
        Process = gpu.Machine.Demand?.Process,
        ManualUntil = gpu.Manual?.Until, Manual = gpu.Manual is { Yields: true }, HandOverId = gpu.Machine.HandOverId,
    };

    private List<string> Problems()
    {
        List<string> problems = [.. _gpus.Values.Where(gpu => gpu.Machine.Problem is not null).Select(gpu => $"GPU {gpu.Index}: {gpu.Machine.Problem}")];
        problems.AddRange(_parts.Servers.Where(server => server.Problem is not null && _gpusOf.GetValueOrDefault(server.Server.Name)?.Any(gpu => !gpu.Machine.IsOpen) == true)
            .Select(server => $"{server.Server.Name}: {server.Problem}"));
        problems.AddRange(_steps.Problems);
        if (_parts.File.Problem is { } file) problems.Add(file);
        return problems;
    }

    private GuardedGpu Add(string uuid)
    {
        if (_gpus.TryGetValue(uuid, out var known)) return known;
        var gpu = new GuardedGpu(uuid, _parts.Options, _rules) { ChangedAt = _parts.Time.GetUtcNow(), ListedAt = _parts.Time.Monotonic() };
        _gpus.Add(uuid, gpu);
        return gpu;
    }

    // A GPU that is not listed for a moment, since its driver opens anew, keeps its state
    private void Take(GpuSnapshot snapshot, TimeSpan now)
    {
        var samples = snapshot.SampledAt is null ? [] : snapshot.Gpus;
        foreach (var sample in samples)
        {
            var gpu = Add(sample.Uuid);
            (gpu.Index, gpu.View, gpu.ListedAt) = (sample.Index, snapshot.ViewOf(sample.Uuid), now);
            gpu.Details = gpu.View?.Details ?? gpu.Details;
            gpu.IsKnown |= gpu.View?.ProcessesReadAt is not null || sample.State == GpuState.Sleeping;
        }
        foreach (var sample in samples) _gpus[sample.Uuid].Whole = sample.ParentUuid is { } whole ? _gpus.GetValueOrDefault(whole) : null;
        if (now - _beganAt < KnownAfter) return;
        foreach (var gpu in _gpus.Values) gpu.IsKnown = true;
        if (snapshot.SampledAt is null) return;
        foreach (var gone in _gpus.Values.Where(gpu => now - gpu.ListedAt >= KnownAfter).ToList()) Remove(gone, now);
    }

    // A story that has begun is told to its end
    private void Remove(GuardedGpu gpu, TimeSpan now)
    {
        _gpus.Remove(gpu.Uuid);
        if (gpu.Machine is not { State: not GuardState.Serving and var before, HandOverId: { } id, Since: var since }) return;
        gpu.Machine.Abandon(now);
        _steps.Tell(gpu, [], before, id, now - since);
    }

    private void SetGates()
    {
        foreach (var server in _parts.Servers)
        {
            var name = server.Server.Name;
            var uuids = ServerGpus.Of(server.Server, [.. _gpus.Keys], uuid => _gpus[uuid].Own.Contains(name), server.IsHere);
            _gpusOf[name] = [.. uuids.Select(uuid => _gpus[uuid]).Union(StillBoundTo(name))];
        }
        _gates.Set(_gpusOf.Select(pair => (pair.Key, pair.Value)));
    }

    // Of a model that lies on several GPUs the lists say one after the other that it has gone: the first of them must not open the gate while the next still has it
    private IEnumerable<GuardedGpu> StillBoundTo(string server) => _gpusOf.GetValueOrDefault(server, [])
        .Where(gpu => !gpu.Machine.IsOpen && gpu.RunnerBytesBefore.ContainsKey(server) && _gpus.GetValueOrDefault(gpu.Uuid) == gpu);

    private List<ServerModels> ServersOf(GuardedGpu gpu) => [.. _parts.Servers.Where(server => _gpusOf[server.Server.Name].Contains(gpu))];

    private void Advance(GuardedGpu gpu, TimeSpan now)
    {
        var servers = ServersOf(gpu);
        if (_parts.Options.Enabled && gpu.Board.View is { } view && gpu.Throttle.Step(HeatReading.Of(view), now))
        {
            SetGates();
            _steps.ThrottleChanged(gpu, servers);
        }
        for (var count = 0; count < MostStepsAtOnce; count++)
        {
            var (before, id, since, holder) = (gpu.Machine.State, gpu.Machine.HandOverId, gpu.Machine.Since, gpu.Machine.Demand);
            var action = gpu.Machine.Step(Gather(gpu, servers), now);
            if (gpu.Machine.State != before)
            {
                _steps.Leave(gpu, servers, before);
                SetGates();
                _steps.Tell(gpu, servers, before, gpu.Machine.HandOverId ?? id ?? Guid.NewGuid(), now - since);
            }
            else if (before == GuardState.Yielded && gpu.Machine.Demand!.IsNewsAfter(holder))
            {
                SetGates();
                _steps.HolderChanged(gpu, servers);
            }
            _steps.Do(gpu, servers, action, now);
            if (gpu.Machine.State == before && action == GuardAction.None) break;
        }
        Await(gpu, servers, now);
    }

    private GuardInputs Gather(GuardedGpu gpu, List<ServerModels> servers)
    {
        var left = gpu.Machine.IsOpen ? default : ModelsLeft.On(gpu, servers, _parts.Llm.Current);
        var inputs = _demands.Of(gpu);
        gpu.Wanted = inputs.Demand;
        return inputs with
        {
            IsKnown = gpu.IsKnown,
            RunningCount = gpu.Machine.State == GuardState.Draining ? servers.Sum(server => _parts.Gate.RunningCount(server.Server.Name)) : 0,
            ModelsGone = left.Gone,
            Left = left.Words,
            IsWarm = !servers.Exists(server => server.IsWorking),
        };
    }

    // What is to be looked at, and when
    private void Await(GuardedGpu gpu, List<ServerModels> servers, TimeSpan now)
    {
        var isEvicting = gpu.Machine.State == GuardState.Evicting;
        foreach (var server in servers)
        {
            server.Pump(isEvicting ? EvictionRest : gpu.Machine.State == GuardState.Yielded ? GuardMachine.UnloadAgainAfter : null);
            // Servers say first that a model is gone; the driver has the last word
            if (isEvicting && gpu.Own.Contains(server.Server.Name) && server.Look?.Look.Resident is null or []) _parts.AskForLook();
        }
        if (isEvicting) Wake(now + EvictionRest);
        if (gpu.Machine.NextAt is { } at) Wake(at);
        if (gpu.Manual?.Until is { } until && until - _parts.Time.GetUtcNow() is var rest && rest < LongestRest) Wake(now + rest);
        if (!_parts.Options.Enabled) return;
        if (gpu.HasGrown(_parts.Options.TakeMemoryBytes)) _parts.AskForLook();
        if (gpu.Strangers.AskAgainAt is not { } again) return;
        if (again > now) Wake(again);
        else _parts.AskForLook();
    }

    private void Finish()
    {
        var hasGame = _gpus.Values.Any(gpu => gpu is { Machine.State: GuardState.Yielded, Wanted.IsGame: true });
        var isOver = _parts.Pace.GameHasGpu && !hasGame;
        _parts.Pace.GameHasGpu = hasGame;
        // While it played nothing was looked at: who else is there must be known before the models come back
        if (isOver) _parts.AskForLook();
        _isDraining = _gpus.Values.Any(gpu => gpu.Machine.State == GuardState.Draining);
        _parts.Metrics.Gpus = [.. _gpus.Values.Select(gpu => new GuardMetrics.Gpu(gpu.Uuid, gpu.Index, gpu.Machine.State, gpu.Throttle.Level))];
        _parts.File.Keep(new HostMemory { Gpus = [.. _gpus.Values.Select(gpu => gpu.ToMemory()).Where(memory => memory.IsAnything)] });
    }

    private void Wake(TimeSpan at)
    {
        if (at < _next) _next = at;
    }
}
