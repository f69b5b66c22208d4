using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>NVIDIA GPUs through the driver's management library.</summary>
internal sealed class NvmlSource(
    Func<NvmlLibrary?> load, NvmlStatusFunnel funnel, SleepingGpus sleeping, IProcessReader processes) : IGpuSource
{
    private readonly Lock _inUse = new();
    private readonly List<GpuProcessReading> _trialProcesses = [];
    private NvmlSession? _session;
    private bool _sessionLost;

    public SourceInfo Info { get; private set; } = new(SourceInfo.None, "the NVIDIA driver has not been opened yet");

    public IReadOnlyList<GpuIdentity> Devices => _session?.Devices ?? [];

    public IProcessReader Processes => processes;

    public bool Open()
    {
        lock (_inUse)
            return OpenUnlocked();
    }

    public void Read(Span<GpuReading> readings)
    {
        lock (_inUse)
        {
            if (_session is null)
                return;
            for (var i = 0; i < readings.Length && i < _session.Gpus.Count; i++)
                _sessionLost |= _session.Gpus[i].Read(ref readings[i]) == NvmlOutcome.SessionLost;
        }
    }

    public bool ReadProcesses(int position, List<GpuProcessReading> processes)
    {
        lock (_inUse)
        {
            processes.Clear();
            if (_session is null || position >= _session.Gpus.Count)
                return false;
            var outcome = _session.ProcessLists.Read(_session.Gpus[position].Device, processes);
            _sessionLost |= outcome == NvmlOutcome.SessionLost;
            return outcome == NvmlOutcome.Answered;
        }
    }

    /// <summary>Closes the driver, unless a call hangs in it: to unload its code then would end the process with a fault, or never.</summary>
    public void Dispose()
    {
        if (!_inUse.TryEnter())
            return;
        try
        {
            Close();
        }
        finally
        {
            _inUse.Exit();
        }
    }

    private bool OpenUnlocked()
    {
        if (_session is not null && !_sessionLost)
            return true;
        Close();
        if (sleeping.AllAsleep())
        {
            Info = new SourceInfo(SourceInfo.None, "every NVIDIA GPU is asleep and was left so; readings start when something wakes it")
            {
                Sleeping = true,
            };
            return false;
        }
        return load() is { } library ? Open(library) : MissingLibrary();
    }

    private bool Open(NvmlLibrary library)
    {
        _session = NvmlSession.Open(library, funnel, out var info);
        Info = info;
        if (_session is null)
            library.Dispose();
        else if (!Answers(_session))
        {
            Info = info with { Name = SourceInfo.None, UnavailableReason = "the NVIDIA driver opens, but ends the session at the first reading" };
            Close();
        }
        return _session is not null;
    }

    // Read once before it counts as open: a session that is lost at every reading would be opened anew at every tick, for ever
    private bool Answers(NvmlSession session)
    {
        var reading = default(GpuReading);
        foreach (var gpu in session.Gpus)
            if (gpu.Read(ref reading) == NvmlOutcome.SessionLost
                || session.ProcessLists.Read(gpu.Device, _trialProcesses) == NvmlOutcome.SessionLost)
                return false;
        return true;
    }

    private bool MissingLibrary()
    {
        Info = new SourceInfo(SourceInfo.None,
            $"no NVIDIA driver is installed: {string.Join(" and ", NvmlLibrary.Candidates)} not found; " +
            "install the NVIDIA driver if this host has such a GPU");
        return false;
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
        _sessionLost = false;
    }
}
