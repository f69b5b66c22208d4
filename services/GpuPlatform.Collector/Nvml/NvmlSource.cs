using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>NVIDIA GPUs through the driver's management library.</summary>
internal sealed class NvmlSource(
    Func<NvmlLibrary?> load, NvmlStatusFunnel funnel, SleepingGpus sleeping, NvmlSettings? settings = null) : IGpuSource
{
    private readonly List<GpuProcessReading> _trialProcesses = [];
    private readonly NvmlSettings _settings = settings ?? new NvmlSettings();
    private NvmlSession? _session;

    public SourceInfo Info { get; private set; } = new(SourceInfo.None, "the NVIDIA driver has not been opened yet");

    public IReadOnlyList<IGpu> Gpus => _session?.Gpus ?? [];

    public bool Open()
    {
        if (_session is { IsLost: false })
        {
            _session.Refresh();
            return true;
        }
        Close();
        if (sleeping.AllAsleep())
        {
            Info = new SourceInfo(SourceInfo.None, "every NVIDIA GPU is asleep and was left so; readings start when something wakes it");
            return false;
        }
        return load() is { } library ? Open(library) : MissingLibrary();
    }

    public void Dispose() => Close();

    private bool Open(NvmlLibrary library)
    {
        _session = NvmlSession.Open(library, funnel, _settings, out var info);
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
        {
            gpu.Read(ref reading);
            gpu.ReadProcesses(_trialProcesses);
        }
        return !session.IsLost;
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
    }
}
