using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// A GPU's place in the list, whether it is read, sleeps or is lost. What passes through it tells whether the GPU is used.
/// <paramref name="gpu"/> is null while it is in no session, and <paramref name="problem"/> then says why unless it sleeps.
/// </summary>
internal sealed class NvmlSeat(GpuIdentity identity, NvmlCard card, NvmlGpu? gpu, XidLog xids, string? problem = null) : IGpu
{
    // Null until a process list was read
    private bool? _computes;
    private bool _codes;

    public GpuIdentity Identity => identity;

    /// <summary>The instances it is split into; another list when they have changed.</summary>
    public IReadOnlyList<MigInstance> Instances => gpu?.Instances ?? [];

    public bool IsAsleep() => card.IsAsleep();

    public void Read(ref GpuReading reading)
    {
        if (gpu is null)
        {
            reading = new GpuReading { Error = problem ?? "the GPU is asleep", IsLost = card.IsLost };
            return;
        }
        gpu.Read(ref reading);
        if (reading.IsLost)
            card.IsLost = true;
        card.Sleep.Note(IsUsed(reading));
    }

    public GpuDetailReading? ReadDetails()
    {
        if (gpu?.ReadDetails() is not { } reading)
            return null;
        _codes = reading.Details is { EncoderUtilizationPercent: > 0 } or { DecoderUtilizationPercent: > 0 };
        return reading with { Details = reading.Details with { Xids = xids.Of(identity.Uuid) } };
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        var isRead = gpu is not null && gpu.ReadProcesses(processes);
        _computes = isRead ? Computes(processes) : null;
        return isRead;
    }

    // A graphics context proves nothing: every compositor has one on every GPU, for ever
    private bool? IsUsed(in GpuReading reading) =>
        reading.UtilizationPercent > 0 || _computes is true || _codes ? true
        : reading.UtilizationPercent is null || _computes is null ? null
        : false;

    private static bool Computes(List<GpuProcessReading> processes)
    {
        foreach (var process in processes)
            if (process.Context != GpuContext.Graphics)
                return true;
        return false;
    }
}
