namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>The histories of one server's models, and which of these are loaded again and again.</summary>
internal sealed class ModelHistories
{
    /// <summary>Loads within <see cref="ModelHistory.Window"/> that are too many.</summary>
    public const int TooManyLoads = 3;

    private const int MostModels = 256;

    private readonly Dictionary<string, ModelHistory> _models = new(ModelName.Comparer);

    /// <summary>Why models are loaded again and again, one sentence each.</summary>
    public IReadOnlyList<string> Thrashing { get; private set; } = [];

    public ModelHistory Of(string name)
    {
        if (_models.TryGetValue(name, out var known)) return known;
        if (_models.Count >= MostModels && _models.Values.MinBy(model => model.TouchedAt) is { } oldest) _models.Remove(oldest.Name);
        return _models[name] = new ModelHistory(name);
    }

    /// <summary>The models that have begun to be loaded again and again. It is over when a model is loaded no more than once in the same time.</summary>
    /// <param name="now">The present, by <see cref="MonotonicTime"/>.</param>
    /// <param name="expired">True of a model that mostly leaves because its time is over.</param>
    public IReadOnlyList<ModelHistory> NewlyThrashing(TimeSpan now, Func<string, bool> expired)
    {
        var begun = new List<ModelHistory>();
        foreach (var model in _models.Values)
        {
            model.Forget(now);
            if (model.Thrashing is not null && model.Loads.Count <= 1) model.Thrashing = null;
        }
        foreach (var model in _models.Values.Where(model => model.Thrashing is null && model.Loads.Count >= TooManyLoads))
        {
            model.Thrashing = $"{model.Name} was loaded {model.Loads.Count} times within {ModelHistory.Window.TotalMinutes:0} minutes: {Cause(model, expired)}";
            begun.Add(model);
        }
        Thrashing = [.. _models.Values.Select(model => model.Thrashing).OfType<string>().Order(StringComparer.Ordinal)];
        return begun;
    }

    private string Cause(ModelHistory model, Func<string, bool> expired)
    {
        if (model.Contexts is { Count: > 1 } contexts)
            return $"requests for it ask for context {string.Join(" and ", contexts.Select(context => context == 0 ? "of the default length" : $"{context}"))} in turn";
        var (first, last) = (model.Loads.Min(load => load.From), model.Loads.Max(load => load.Until));
        var others = _models.Values.Where(other => other != model && other.Loads.Count(load => load.Until > first && load.From < last) >= TooManyLoads - 1)
            .Select(other => other.Name).Order(StringComparer.Ordinal).Take(3).ToList();
        if (others.Count > 0) return $"it takes turns with {string.Join(" and ", others)}, and there is no room for all of them";
        if (model.UnloadAskedAt > first) return "requests unload it in between";
        return expired(model.Name) ? "its time in memory (keep_alive) is over before it is asked for again" : "its server does not say why";
    }
}
