using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>A GPU in a session. <see cref="Address"/> is null where the driver does not tell it.</summary>
internal sealed record OpenGpu(NvmlGpu Gpu, NvmlDevice Device, string? Address)
{
    public GpuIdentity Identity => Gpu.Identity;

    /// <summary>It was opened, but its first reading said that it is lost.</summary>
    public bool IsLost { get; init; }
}

/// <summary>What came of an attempt to open the driver: a session with GPUs, or the reason why there is none.</summary>
internal sealed record NvmlOpening(SourceInfo Info, NvmlSession? Session = null)
{
    public IReadOnlyList<OpenGpu> Gpus { get; init; } = [];

    /// <summary>Addresses, or indices, of the GPUs that are lost and could not be opened.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>How many GPUs the driver listed.</summary>
    public uint Count { get; init; }

    /// <summary>What listens for the driver's events; null when nothing may be listened for.</summary>
    public XidWatch? Xids { get; set; }
}

/// <summary>Loads and initialises the library.</summary>
internal sealed class BeginCall(Func<NvmlLibrary?> load, NvmlStatusFunnel funnel, TimeProvider clock) : DriverCall(clock)
{
    public NvmlSession? Session { get; private set; }

    public SourceInfo? Info { get; private set; }

    public uint Count { get; private set; }

    public bool LibraryIsMissing { get; private set; }

    public NvmlStatus Status { get; private set; }

    /// <summary>What <c>nvmlDeviceGetCount</c> answered.</summary>
    public NvmlStatus CountStatus { get; private set; }

    protected override void Execute()
    {
        var library = load();
        LibraryIsMissing = library is null;
        if (library is null)
            return;
        Session = NvmlSession.Begin(library, funnel, out var status);
        Status = status;
        if (Session is null)
            return;
        CountStatus = Session.Count(out var count);
        Count = count;
        Info = Session.ReadVersions();
    }
}

/// <summary>Closes a session and what listens in it.</summary>
internal sealed class EndCall(NvmlSession session, XidWatch? xids, TimeProvider clock) : DriverCall(clock)
{
    protected override void Execute()
    {
        xids?.Dispose();
        session.Dispose();
    }
}
