using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// One instance of a split GPU, as a GPU of its own: its memory, its processes and, where profiling is on, how busy it is. The rest belongs
/// to the whole GPU, and the driver refuses it here.
/// </summary>
internal sealed class MigInstance : IGpu, IDisposable
{
    private readonly NvmlSession _session;
    private readonly NvmlAnswers _answers;
    private readonly NvmlMemoryReader _memory;
    private readonly NvmlProcessLists _processLists;
    private readonly NvmlProfiling? _profiling;
    private volatile bool _isDead;

    /// <summary>Profiling counters are asked of the whole GPU by the instance's number; none are read without it.</summary>
    public MigInstance(
        NvmlSession session, NvmlApi api, NvmlStatusFunnel funnel, NvmlDevice device, GpuIdentity identity, NvmlDevice whole, uint? number)
    {
        (_session, Identity, Device) = (session, identity, device);
        _answers = new NvmlAnswers(funnel);
        _profiling = number is null ? null : new NvmlProfiling(api, _answers, whole, number);
        _memory = new NvmlMemoryReader(api, _answers, device, host: null);
        _processLists = new NvmlProcessLists(api, _answers, device);
    }

    public GpuIdentity Identity { get; private set; }

    public NvmlDevice Device { get; }

    /// <summary>True once the driver refused its handle: the instance was destroyed.</summary>
    public bool IsDead => _isDead;

    /// <summary>Instances are numbered behind the whole GPUs, so their numbers depend on all of them.</summary>
    public void Number(int index) => Identity = Identity with { Index = index };

    public bool IsAsleep() => false;

    public void Read(ref GpuReading reading)
    {
        using var call = _session.Enter();
        _answers.Begin();
        reading = default;
        _memory.Read(ref reading);
        if (_answers.IsGone || _answers.AreOnlyFailures)
            reading = new GpuReading { Error = NvmlStatusFunnel.Describe(_answers.Failure), IsLost = _answers.IsGpuLost };
        _isDead |= _answers.Failure is NvmlStatus.InvalidArgument or NvmlStatus.NotFound or NvmlStatus.GpuNotFound;
        End();
    }

    public GpuDetailReading? ReadDetails()
    {
        if (_profiling is null)
            return null;
        using var call = _session.Enter();
        _answers.Begin();
        var read = _profiling.Read();
        End();
        return read is { } profiling ? new GpuDetailReading(new GpuDetails { Profiling = profiling }, null) : null;
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        using var call = _session.Enter();
        _answers.Begin();
        var isKnown = _processLists.Read(processes);
        End();
        return isKnown;
    }

    public void Dispose() => _profiling?.Dispose();

    private void End()
    {
        if (_answers.IsSessionLost)
            _session.IsLost = true;
    }
}
