using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Opens one GPU of a session, by its index or by its address, and reads it once: a session that is lost at every reading must not count as
/// open, or it would be opened anew at every tick.
/// </summary>
internal sealed class OpenGpuCall(NvmlSession session, int position, PciGpu? pci, NvmlSettings settings) : DriverCall(settings.Clock)
{
    private static readonly NvmlStatus[] Gone = [NvmlStatus.GpuIsLost, NvmlStatus.ResetRequired];

    private bool _fellAsleep;

    /// <summary>What the GPU is called where it has no name yet.</summary>
    public string Key => pci?.Address ?? position.ToString();

    public OpenGpu? Result { get; private set; }

    /// <summary>The first answer that was none.</summary>
    public NvmlStatus Problem { get; private set; }

    /// <summary>It cannot be opened because it is lost.</summary>
    public bool IsLost => Result is null && Gone.Contains(Problem);

    /// <summary>It is in the kernel's tree, but not for us; or it sleeps. Nothing is missing then.</summary>
    public bool IsNotOurs => _fellAsleep || (pci is not null && Problem == NvmlStatus.NotFound);

    protected override void Execute()
    {
        using var call = session.Enter();
        // It may have fallen asleep while the one before it was opened
        if (pci is not null && pci.IsAsleep())
        {
            _fellAsleep = true;
            return;
        }
        // A GPU that does not tell its UUID has no identity, and nothing read from it could be attributed
        if (!Handle(out var device) || !Answered("nvmlDeviceGetUUID", session.Api.Uuid(device, out var uuid)) || uuid is null)
            return;
        var name = Answered("nvmlDeviceGetName", session.Api.Name(device, out var text)) ? text : null;
        var address = pci?.Address;
        if (address is null && Answered("nvmlDeviceGetPciInfo", session.Pci.Address(device, out var told)))
            address = told;
        var gpu = session.Add(device, new GpuIdentity(Index(device), uuid, name ?? "NVIDIA GPU"), settings);
        var reading = default(GpuReading);
        gpu.Read(ref reading);
        gpu.ReadProcesses([]);
        Result = new OpenGpu(gpu, device, address) { IsLost = reading.IsLost };
    }

    private bool Handle(out NvmlDevice device) => pci is null
        ? Answered("nvmlDeviceGetHandleByIndex", session.Api.DeviceByIndex((uint)position, out device))
        : Answered("nvmlDeviceGetHandleByPciBusId", session.Pci.DeviceByAddress(pci.Address, out device));

    private int Index(NvmlDevice device) =>
        pci is not null && Answered("nvmlDeviceGetIndex", session.Pci.Index(device, out var index)) && index < NvmlOpener.MostDevices
            ? (int)index : position;

    private bool Answered(string function, NvmlStatus status)
    {
        var outcome = session.Funnel.Judge(function, status);
        if (Problem == NvmlStatus.Success && outcome != NvmlOutcome.Answered)
            Problem = status;
        session.IsLost |= outcome == NvmlOutcome.SessionLost;
        return outcome == NvmlOutcome.Answered;
    }
}
