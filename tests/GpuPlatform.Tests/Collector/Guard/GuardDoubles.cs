using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>A gate that a test looks at.</summary>
internal sealed class GateDouble : IModelGate
{
    public event Action? Changed;

    public Dictionary<string, GateSetting> Settings { get; } = [];

    public Dictionary<string, int> Running { get; } = [];

    public Dictionary<string, int> Held { get; } = [];

    public List<string> Cancelled { get; } = [];

    public bool IsOpen(string server = ModelServer.Ollama) => Settings.GetValueOrDefault(server, GateSetting.Open).Limit != 0;

    public void Set(string server, GateSetting setting) => Settings[server] = setting;

    public int RunningCount(string server) => Running.GetValueOrDefault(server);

    public int HeldCount(string server) => Held.GetValueOrDefault(server);

    public int CancelRunning(string server, string reason)
    {
        var count = RunningCount(server);
        Cancelled.Add(reason);
        Running[server] = 0;
        Changed?.Invoke();
        return count;
    }
}

/// <summary>Servers whose models leave when told to, unless a test says otherwise.</summary>
internal sealed class EvictionDouble : IModelEviction
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];

    public List<string> Resident { get; } = [];

    /// <summary>Told to unload, it says yes and does nothing.</summary>
    public bool Hangs { get; set; }

    /// <summary>Why nobody answers.</summary>
    public string? Problem { get; set; }

    public Action? Unloaded { get; set; }

    public IReadOnlyList<string> Calls
    {
        get { lock (_gate) return [.. _calls]; }
    }

    public Task<EvictionLook> LookAsync(ModelServer server, CancellationToken cancellation)
    {
        lock (_gate) return Task.FromResult(Problem is null ? new EvictionLook([.. Resident], null) : new EvictionLook(null, Problem));
    }

    public Task<string?> UnloadAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _calls.Add($"unload {string.Join('+', models)}");
            if (!Hangs) Resident.RemoveAll(models.Contains);
        }
        if (!Hangs) Unloaded?.Invoke();
        return Task.FromResult<string?>(null);
    }

    /// <summary>A load takes for ever, unless it is broken off.</summary>
    public bool LoadsForEver { get; set; }

    public async Task<string?> WarmAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation)
    {
        lock (_gate) _calls.Add($"warm {string.Join('+', models)}");
        if (LoadsForEver) await Task.Delay(Timeout.Infinite, cancellation);
        lock (_gate) Resident.AddRange(models);
        return null;
    }
}

/// <summary>Verdicts that a test gives.</summary>
internal sealed class VerdictsDouble : IVerdicts
{
    private readonly Dictionary<(int, DateTimeOffset), ReceivedVerdict> _verdicts = [];

    public event Action? Changed;

    public ReceivedVerdict? Find(int pid, DateTimeOffset startedAt) => _verdicts.GetValueOrDefault((pid, startedAt));

    public void Say(int pid, WorkloadKind kind, string? trace = null)
    {
        _verdicts[(pid, GuardProcesses.StartedAt)] = GuardProcesses.Verdict(pid, kind, trace);
        Changed?.Invoke();
    }
}

internal sealed class GuardPublisherDouble : IGuardPublisher
{
    public List<GuardChanged> Changes { get; } = [];

    public void Publish(GuardChanged message) => Changes.Add(message);
}

internal sealed class SignalsDouble : IRunnerSignals
{
    public List<(int Pid, RunnerSignal Signal)> Sent { get; } = [];

    public string? Answer { get; set; }

    public string? Send(int pid, DateTimeOffset startedAt, RunnerSignal signal)
    {
        Sent.Add((pid, signal));
        return Answer;
    }
}

internal sealed class LlmServersDouble : ILlmServers
{
    public IReadOnlyList<LlmServer> Current { get; set; } = [];
}

internal sealed class GamesDouble : IGameReports
{
    public event Action? Changed;

    public string? Running { get; private set; }

    public void Say(string? words)
    {
        Running = words;
        Changed?.Invoke();
    }
}
