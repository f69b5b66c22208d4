namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>A load of a model, as far as it was noticed. Instants are those of <see cref="MonotonicTime"/>.</summary>
/// <param name="From">It began after this.</param>
/// <param name="Until">It began before this.</param>
/// <param name="Duration">How long a request waited for it; null when none did.</param>
/// <param name="Listed">True when the server's list showed the model come.</param>
internal sealed record ModelLoad(TimeSpan From, TimeSpan Until, TimeSpan? Duration, bool Listed)
{
    /// <summary>When requests could go on; null when none waited for it.</summary>
    public TimeSpan? ReadyAt => Duration is { } duration ? From + duration : null;
}

/// <summary>What was learned of one model of late, whether it is in memory or not.</summary>
internal sealed class ModelHistory(string name)
{
    /// <summary>How long things are remembered.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MostContexts = 8;
    private const double LoadFactor = 10;
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestLoad = TimeSpan.FromMilliseconds(200);

    private readonly List<ModelLoad> _loads = [];
    private readonly Dictionary<int, TimeSpan> _contexts = [];
    private TimeSpan? _warm;

    public string Name => name;

    /// <summary>When anything was last learned.</summary>
    public TimeSpan TouchedAt { get; private set; }

    /// <summary>A request last asked to unload it at this instant.</summary>
    public TimeSpan? UnloadAskedAt { get; private set; }

    /// <summary>Loads of late, in no order.</summary>
    public IReadOnlyList<ModelLoad> Loads => _loads;

    /// <summary>Contexts that were asked for of late, 0 for the default.</summary>
    public IReadOnlyList<int> Contexts => [.. _contexts.Keys.Order()];

    /// <summary>Why it is loaded again and again; null while it is not.</summary>
    public string? Thrashing { get; set; }

    /// <summary>The newest load that a request waited for.</summary>
    public ModelLoad? LastWait => _loads.Where(load => load.Duration is not null).MaxBy(load => load.ReadyAt);

    public void Learn(RequestEvidence request)
    {
        var ready = request.From + (request.Load ?? TimeSpan.Zero);
        TouchedAt = ready > TouchedAt ? ready : TouchedAt;
        if (request.Unloads)
        {
            UnloadAskedAt = ready;
            return;
        }
        if (_contexts.Count < MostContexts || _contexts.ContainsKey(request.ContextLength ?? 0)) _contexts[request.ContextLength ?? 0] = ready;
        if (request.Load is not { } load) return;
        if (IsLoad(load)) AddWait(new ModelLoad(request.From, ready, load, Listed: false));
        else _warm = load < _warm || _warm is null ? load : _warm;
    }

    /// <summary>The server's list showed it come between two looks.</summary>
    public void Came(TimeSpan lookedBefore, TimeSpan seenAt)
    {
        TouchedAt = seenAt;
        var waited = _loads.FindIndex(load => !load.Listed && load.From <= seenAt + Slack && load.Until >= lookedBefore - Slack);
        if (waited >= 0) _loads[waited] = _loads[waited] with { Listed = true };
        else _loads.Add(new ModelLoad(lookedBefore, seenAt, null, Listed: true));
    }

    public void Forget(TimeSpan now)
    {
        _loads.RemoveAll(load => load.Until < now - Window);
        foreach (var (context, at) in _contexts)
            if (at < now - Window) _contexts.Remove(context);
    }

    // Requests that waited for one load were let go together. The list shows a load once, some time while it goes on
    private void AddWait(ModelLoad load)
    {
        var known = _loads.FindIndex(other => other.ReadyAt is { } ready
            ? (ready - load.ReadyAt!.Value).Duration() < Slack
            : other.From <= load.Until + Slack && other.Until >= load.From - Slack);
        if (known < 0) _loads.Add(load);
        else if (_loads[known].Duration is null) _loads[known] = load with { Listed = true };
    }

    private bool IsLoad(TimeSpan load) => load >= Slack || (_warm is { } warm && load >= ShortestLoad && load >= warm * LoadFactor);
}
