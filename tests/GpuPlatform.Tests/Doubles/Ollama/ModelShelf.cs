namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>The models on disk and in memory, with Ollama's rules of how long one stays.</summary>
internal sealed class ModelShelf(Func<DateTimeOffset> now)
{
    // OLLAMA_KEEP_ALIVE: what a fresh load stays for without a word about it
    private static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(292 * 365.25);
    private readonly Lock _lock = new();
    private readonly List<OllamaModel> _available = [];
    private readonly Dictionary<string, Resident> _resident = [];

    /// <summary>True, what should leave stays in memory until its runner is killed: the "Stopping…" that Ollama is known for.</summary>
    public bool HangsInStopping { get; set; }

    /// <summary>Starts a process of its own for each model that is loaded; null, there are none.</summary>
    public RunnerHouse? Runners { get; set; }

    /// <summary>Runners that ended though nobody told them to.</summary>
    public int CrashCount { get; private set; }

    public IReadOnlyList<OllamaModel> Available
    {
        get
        {
            lock (_lock) return [.. _available];
        }
    }

    public void Put(OllamaModel model)
    {
        lock (_lock)
        {
            Remove(model.Name);
            _available.Add(model with { Name = OllamaModel.Full(model.Name) });
        }
    }

    public OllamaModel? Find(string name)
    {
        lock (_lock) return _available.Find(model => model.Name == OllamaModel.Full(name));
    }

    /// <summary>Takes it off the disk, and out of memory.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            if (_resident.TryGetValue(OllamaModel.Full(name), out var resident)) Drop(resident);
            return _available.RemoveAll(model => model.Name == OllamaModel.Full(name)) > 0;
        }
    }

    /// <summary>Begins a use. True when it must be loaded first, because it is not there or was loaded for another context.</summary>
    public bool Use(OllamaModel model, TimeSpan? keepAlive, int? contextLength)
    {
        if (model.RemoteModel is not null) return false;
        lock (_lock)
        {
            Expire();
            var fresh = !_resident.TryGetValue(model.Name, out var resident) || (contextLength is { } asked && asked != resident.ContextLength);
            if (fresh)
            {
                if (resident is not null) Drop(resident);
                resident = new Resident(model, contextLength ?? model.ContextLength) { KeepAlive = DefaultKeepAlive, ExpiresAt = now() + DefaultKeepAlive };
                _resident[model.Name] = resident;
                var loaded = resident;
                resident.Runner = Runners?.Start(model, () => Crash(loaded));
            }
            // An explicit word sticks to the loaded model, and takes back an unload that has not happened yet
            if (keepAlive is { } span) resident!.KeepAlive = span < TimeSpan.Zero ? Forever : span;
            if (fresh) resident!.ExpiresAt = now() + resident.KeepAlive;
            resident!.Uses++;
            return fresh;
        }
    }

    /// <summary>Ends a use: only now the time it stays begins.</summary>
    public void Release(OllamaModel model)
    {
        lock (_lock)
        {
            if (!_resident.TryGetValue(model.Name, out var resident)) return;
            resident.Uses--;
            resident.ExpiresAt = now() + resident.KeepAlive;
            Expire();
        }
    }

    /// <summary>Marks it to go as soon as nothing uses it; what is under way goes on.</summary>
    public void Unload(string name)
    {
        lock (_lock)
        {
            if (!_resident.TryGetValue(OllamaModel.Full(name), out var resident)) return;
            resident.KeepAlive = TimeSpan.Zero;
            resident.ExpiresAt = now();
            Expire();
        }
    }

    /// <summary>Nothing on disk, nothing in memory.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var resident in _resident.Values.ToList()) Drop(resident);
            // So that what comes next is listed in the order in which it comes
            _resident.Clear();
            _available.Clear();
        }
    }

    public IReadOnlyList<(OllamaModel Model, int ContextLength, DateTimeOffset ExpiresAt)> Residents()
    {
        lock (_lock)
        {
            Expire();
            return [.. _resident.Values.OrderByDescending(resident => resident.ExpiresAt).Select(resident => (resident.Model, resident.ContextLength, resident.ExpiresAt))];
        }
    }

    /// <summary>Pid of a model's runner; null when it has none.</summary>
    public int? RunnerOf(string name)
    {
        lock (_lock) return _resident.GetValueOrDefault(OllamaModel.Full(name))?.Runner?.Pid;
    }

    /// <summary>Whether a model that is in use has lost its runner.</summary>
    public bool HasCrashed(OllamaModel model)
    {
        lock (_lock) return Runners is not null && model.RemoteModel is null && !_resident.ContainsKey(model.Name);
    }

    private void Expire()
    {
        if (HangsInStopping) return;
        foreach (var resident in _resident.Values.Where(resident => resident.Uses == 0 && resident.ExpiresAt <= now()).ToList()) Drop(resident);
    }

    private void Drop(Resident resident)
    {
        _resident.Remove(resident.Model.Name);
        resident.Runner?.End();
    }

    private void Crash(Resident resident)
    {
        lock (_lock)
        {
            CrashCount++;
            if (_resident.GetValueOrDefault(resident.Model.Name) == resident) _resident.Remove(resident.Model.Name);
        }
    }

    private sealed class Resident(OllamaModel model, int contextLength)
    {
        public OllamaModel Model => model;

        public int ContextLength => contextLength;

        public required TimeSpan KeepAlive { get; set; }

        public required DateTimeOffset ExpiresAt { get; set; }

        public int Uses { get; set; }

        public RunnerProcess? Runner { get; set; }
    }
}
