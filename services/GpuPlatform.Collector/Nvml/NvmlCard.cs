using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>One GPU through all sessions: what it is, where it sits, and whether it may be touched.</summary>
internal sealed class NvmlCard(SleepWatch sleep)
{
    private volatile bool _isLost;

    /// <summary>Its place in the kernel's tree; null where there is none.</summary>
    public PciGpu? Pci { get; set; }

    /// <summary>What it said of itself when it was last open.</summary>
    public GpuIdentity? Identity { get; set; }

    public SleepWatch Sleep { get; } = sleep;

    /// <summary>It has fallen off the bus or needs a reset. Set by whoever reads it.</summary>
    public bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>A lost GPU is let go of where it can be told from the others: a reset is refused while somebody holds it.</summary>
    public bool IsWanted => Sleep.Phase == SleepPhase.Open && !(IsLost && Pci is not null);

    public bool CanSleep => Pci is { CanSleep: true };

    /// <summary><see cref="IsWanted"/> as it was when the driver was last opened.</summary>
    public bool WasWanted { get; set; }

    /// <summary><see cref="CanSleep"/> likewise.</summary>
    public bool CouldSleep { get; set; }

    /// <summary>Takes a look at the kernel's state; a GPU that cannot sleep costs nothing.</summary>
    public void Look()
    {
        if (Pci is { CanSleep: true } pci)
            Sleep.Look(pci.IsAsleep(), canSleep: true);
        else
            Sleep.Look(isAsleep: false, canSleep: false);
    }

    /// <summary>True when it must not be touched now.</summary>
    public bool IsAsleep() => Sleep.Phase != SleepPhase.Open || (Pci is { CanSleep: true } pci && pci.IsAsleep());
}
