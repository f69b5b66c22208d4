using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Reads one GPU. Calls go out in a fixed order; a GPU found lost is not asked further on this tick.</summary>
internal sealed class NvmlGpu : IGpu, IDisposable
{
    private readonly NvmlSession _session;
    private readonly NvmlAnswers _answers;
    private readonly NvmlReader _reader;
    private readonly NvmlFans _fans;
    private readonly NvmlDetailReader _details;
    private readonly NvmlFactReader _facts;
    private readonly NvmlProcessLists _processLists;
    private readonly NvmlProcessUtilization _processUtilization;
    private readonly MigInstances _instances;
    private readonly NvmlProfiling? _profiling;

    public NvmlGpu(
        NvmlSession session, NvmlApi api, NvmlStatusFunnel funnel, NvmlDevice device, GpuIdentity identity, NvmlSettings? settings = null)
    {
        settings ??= new NvmlSettings();
        (_session, Identity) = (session, identity);
        _answers = new NvmlAnswers(funnel);
        _reader = new NvmlReader(api, _answers, device, settings.SharedMemory);
        _fans = new NvmlFans(api, _answers, device);
        _details = new NvmlDetailReader(api, _answers, device, _fans);
        _facts = new NvmlFactReader(api, funnel, device, _fans);
        _processLists = new NvmlProcessLists(api, _answers, device);
        _processUtilization = new NvmlProcessUtilization(api, _answers, device, settings.Clock);
        _instances = new MigInstances(session, api, funnel, _answers, device, identity, settings);
        _profiling = settings.Profiling ? new NvmlProfiling(api, _answers, device) : null;
    }

    public GpuIdentity Identity { get; }

    /// <summary>The instances it is split into; another list when they have changed.</summary>
    public IReadOnlyList<MigInstance> Instances => _instances.Current;

    public bool IsAsleep() => false;

    public void Read(ref GpuReading reading)
    {
        using var call = _session.Enter();
        _answers.Begin();
        reading = default;
        _reader.Read(ref reading);
        if (_answers.IsGone || _answers.AreOnlyFailures)
            reading = new GpuReading { Error = NvmlStatusFunnel.Describe(_answers.Failure), IsLost = _answers.IsGpuLost };
        End();
    }

    public GpuDetailReading? ReadDetails()
    {
        using var call = _session.Enter();
        _answers.Begin();
        // First the mode: when it has changed, nothing of what was absent before is known to be
        var isSplit = _instances.Read();
        var details = _details.Read() with { MigEnabled = isSplit, Profiling = _profiling?.Read() };
        var limitWatts = _details.PowerLimitWatts();
        var facts = _answers.IsGone ? null : _facts.Read();
        End();
        return _answers.IsGone ? null : new GpuDetailReading(details with { Facts = facts }, limitWatts);
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        using var call = _session.Enter();
        _answers.Begin();
        _processLists.LeavesInstances = Instances.Count > 0;
        var isKnown = _processLists.Read(processes);
        if (isKnown && !_processLists.LeavesInstances)
            _processUtilization.AddTo(processes);
        End();
        return isKnown;
    }

    /// <summary>Looks for instances; before the first reading, so that they are there from the start.</summary>
    public void FindInstances()
    {
        _answers.Begin();
        _instances.Read();
    }

    /// <summary>Gives back what the library lent. Not under a call in flight.</summary>
    public void Dispose()
    {
        _profiling?.Dispose();
        _instances.Dispose();
    }

    private void End()
    {
        if (_answers.IsSessionLost)
            _session.IsLost = true;
    }
}
