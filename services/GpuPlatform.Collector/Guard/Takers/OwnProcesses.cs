using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Which processes belong to the model servers that the proxy stands before. Once found, a process stays its server's until it ends, whoever its parent is
/// by then. Used by one thread at a time.
/// </summary>
/// <param name="servers">All of them.</param>
/// <param name="here">Those on this host.</param>
/// <param name="tree">Who started whom.</param>
internal sealed class OwnProcesses(IReadOnlyList<ModelServer> servers, IReadOnlyList<ModelServer> here, ProcessTree tree)
{
    // To look through the open files of a whole line of ancestors takes milliseconds, and a server that fails and is started again listens anew each time
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    // For what is not noticed otherwise, as that an ancestor has become another program
    private static readonly TimeSpan UnaskedRest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(int Pid, DateTimeOffset StartedAt), Owner> _known = [];
    private readonly Dictionary<(string GpuUuid, int Pid, DateTimeOffset StartedAt), Miss> _strangers = [];
    private readonly IReadOnlyDictionary<long, int> _nobody = new Dictionary<long, int>();
    private readonly HashSet<int> _ports = [.. here.Select(server => server.Upstream.Port)];

    /// <summary>Whose it is; null: a stranger's. Any Ollama's processes are nobody's enemy, though only a configured one's has a server.</summary>
    /// <param name="process">What is known of it.</param>
    /// <param name="now">A stranger is looked at again when more is known of it, when others listen than did, since it may begin to long after its start, and now and then.</param>
    public Owner? Of(GpuProcessObserved process, TimeSpan now)
    {
        var key = (process.Pid, process.StartedAt);
        if (_known.TryGetValue(key, out var owner)) return owner;
        // What is known of it is told by GPU
        var row = (process.GpuUuid, process.Pid, process.StartedAt);
        var before = _strangers.GetValueOrDefault(row) is { } miss && ReferenceEquals(miss.Facts, process) ? miss : null;
        var listening = _ports.Count == 0 ? _nobody : tree.Listening(_ports, now, isUrgent: before is null);
        var doOthersListen = before is not null && !ReferenceEquals(listening, before.Listening);
        if (before is not null && now - before.At < (doOthersListen ? before.Rest : UnaskedRest)) return null;
        if (Find(process, listening) is not { } found)
        {
            _strangers[row] = new Miss(process, listening, now, doOthersListen ? Longer(before!.Rest) : FirstRest);
            return null;
        }
        _strangers.Remove(row);
        _known.Add(key, found);
        return found;
    }

    /// <summary>Forgets those that are gone.</summary>
    public void Keep(IReadOnlySet<(int Pid, DateTimeOffset StartedAt)> alive)
    {
        foreach (var key in _known.Keys.Where(key => !alive.Contains(key)).ToList()) _known.Remove(key);
        foreach (var row in _strangers.Keys.Where(row => !alive.Contains((row.Pid, row.StartedAt))).ToList()) _strangers.Remove(row);
    }

    private Owner? Find(GpuProcessObserved process, IReadOnlyDictionary<long, int> listening)
    {
        if (ServerSigns.IsOllamas(process)) return new Owner(OllamaServer(), RunnerProcesses.IsRunner(process.CommandLine, process.Ancestors));
        var chain = tree.Chain(process.Pid).ToList();
        if (chain.Any(one => ServerSigns.IsServing(one.CommandLine))) return new Owner(OllamaServer(), RunnerProcesses.IsRunner(process.CommandLine, process.Ancestors));
        if (_ports.Count == 0) return null;
        var named = here.FirstOrDefault(server => ServerSigns.NamesPort(process.CommandLine ?? [], server.Upstream.Port)
            || chain.Any(one => ServerSigns.NamesPort(one.CommandLine, server.Upstream.Port)));
        if (named is not null) return new Owner(named, IsRunner: false);
        var heard = tree.PortsOf(chain.Select(one => one.Pid), listening);
        return here.FirstOrDefault(server => heard.Contains(server.Upstream.Port)) is { } server ? new Owner(server, IsRunner: false) : null;
    }

    private static TimeSpan Longer(TimeSpan rest) => rest + rest < LongestRest ? rest + rest : LongestRest;

    private ModelServer? OllamaServer() => servers.FirstOrDefault(server => server.IsOllama);

    private sealed record Miss(GpuProcessObserved Facts, IReadOnlyDictionary<long, int> Listening, TimeSpan At, TimeSpan Rest);

    /// <param name="Server">Null: of a server that is not configured.</param>
    /// <param name="IsRunner">True when it holds a model for a server that goes on without it.</param>
    public sealed record Owner(ModelServer? Server, bool IsRunner);
}
