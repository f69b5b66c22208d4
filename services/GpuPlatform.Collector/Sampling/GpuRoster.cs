namespace GpuPlatform.Collector.Sampling;

/// <summary>The GPUs of all sources as one list with one numbering. A GPU keeps its lane, known by its UUID, when its source opens anew.</summary>
internal sealed class GpuRoster(IReadOnlyList<IGpuSource> sources, TimeSpan retryInterval, TimeProvider clock) : IDisposable
{
    private readonly SourceLane[] _sources = [.. sources.Select(source => new SourceLane(source, retryInterval, clock))];
    private readonly IReadOnlyList<IGpu>?[] _listed = new IReadOnlyList<IGpu>?[sources.Count];
    private List<Entry> _entries = [];
    private SourceInfo[] _infos = [.. sources.Select(source => source.Info)];
    private SourceInfo? _info;

    /// <summary>One GPU with its number on this host.</summary>
    public sealed record Entry(int Index, GpuLane Lane);

    /// <summary>The GPUs as of the last <see cref="TakeOver"/>; another list when they have changed.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The sources as one, as of the last <see cref="TakeOver"/>; the same object while nothing changes.</summary>
    public SourceInfo Info => _info ??= SourceInfo.Combine(_infos);

    public IReadOnlyList<SourceInfo> Sources => _infos;

    /// <summary>The calls that open the sources, to be made before <see cref="TakeOver"/>.</summary>
    public IReadOnlyList<DriverCall> Openings => _sources;

    /// <summary>Takes over the lists of the sources that were opened. False when there is none and nothing to read.</summary>
    public bool TakeOver()
    {
        var changed = false;
        for (var i = 0; i < _sources.Length; i++)
        {
            _sources[i].Conclude();
            changed |= !ReferenceEquals(_listed[i], _sources[i].Gpus);
            _listed[i] = _sources[i].Gpus;
        }
        if (changed)
            _entries = Merge();
        Describe();
        return _entries.Count > 0 || Array.Exists(_infos, info => info.UnavailableReason is null);
    }

    /// <summary>Closes the sources but one that hangs: to close a driver under a call would end the process with a fault, or never.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _sources.Length; i++)
            if (!_sources[i].IsBusy)
                sources[i].Dispose();
    }

    // Of a healthy source the same object every time, so that a steady tick makes nothing new
    private void Describe()
    {
        SourceInfo[]? changed = null;
        for (var i = 0; i < _sources.Length; i++)
            if (_sources[i].Info is var info && !ReferenceEquals(info, _infos[i]))
                (changed ??= [.. _infos])[i] = info;
        if (changed is not null)
            (_infos, _info) = (changed, null);
    }

    private List<Entry> Merge()
    {
        var known = _entries.ToDictionary(entry => entry.Lane.Identity.Uuid, entry => entry.Lane);
        var entries = new List<Entry>();
        foreach (var source in _sources)
        {
            var first = entries.Count == 0 ? 0 : entries.Max(entry => entry.Index) + 1;
            foreach (var gpu in source.Gpus)
            {
                // Two sources that read the same GPU: the first one does
                if (entries.Exists(entry => entry.Lane.Identity.Uuid == gpu.Identity.Uuid))
                    continue;
                var lane = known.GetValueOrDefault(gpu.Identity.Uuid) ?? new GpuLane(gpu, clock);
                (lane.Gpu, lane.Source) = (gpu, source);
                entries.Add(new Entry(first + gpu.Identity.Index, lane));
            }
        }
        return entries;
    }
}
