using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Drm;

/// <summary>What reading cards of AMD and of Intel has in common. Each card has its own: nothing is shared that a hanging read may hold.</summary>
internal sealed class DrmDevice(DrmCard card, DrmHost host)
{
    private readonly KernelFile _vendor = KernelFile.At(card.Device, "vendor");
    private readonly KernelFile _meminfo = KernelFile.At(Path.Combine(host.Root, "proc"), "meminfo");
    private Hwmon? _sensors;
    private PcieLink? _link;
    private bool _searchedSensors;
    private KernelFile? _refused;

    public DrmCard Card => card;

    public KernelReader Files { get; } = new(host.Errors, host.Read);

    public RuntimePower Power { get; } = new(card.Device, host.Clock);

    /// <summary>The card's sensors, found when it is first read: not while it sleeps.</summary>
    public Hwmon? Sensors
    {
        get
        {
            if (!_searchedSensors)
                (_sensors, _searchedSensors) = (Hwmon.Find(card, Files), true);
            return _sensors;
        }
    }

    public PcieLink Link => _link ??= new PcieLink(card, Files);

    public KernelFile File(string name) => KernelFile.At(card.Device, name);

    /// <summary>True when the kernel says so, or when the driver refuses: from kernel 6.15 on EPERM means asleep, and asking does not wake.</summary>
    public bool IsAsleep()
    {
        if (Power.IsAsleep())
        {
            _refused = null;
            return true;
        }
        if (_refused is null)
            return false;
        Files.Begin();
        Files.Read(_refused);
        _refused = Files.Refused;
        return _refused is not null;
    }

    /// <summary>Takes note of what was refused since <see cref="KernelReader.Begin"/>. One answer is enough: then it is not asleep.</summary>
    public void NoteRefusal() => _refused = Files.AnswerCount == 0 ? Files.Refused : null;

    /// <summary>Says why, when nothing answered and it does not sleep: the card is gone or its driver fails.</summary>
    public void Explain(ref GpuReading reading)
    {
        var failure = Files.Failure;
        if (_refused is not null)
            return;
        if (Files.Read(_vendor).IsEmpty)
            reading = new GpuReading { Error = $"{card.BusId} is no longer there", IsLost = true };
        else if (failure != 0)
            reading = new GpuReading { Error = $"the {card.Driver} driver does not answer (error {failure})", IsLost = failure == PosixNative.NoDevice };
    }

    /// <summary>The host's memory, which this card uses as its own.</summary>
    public void ReadHostMemory(ref GpuReading reading)
    {
        var text = Files.Read(_meminfo);
        reading.MemoryIsShared = true;
        reading.MemoryTotalBytes = HostReader.MemoryBytes(text, "MemTotal:"u8);
        reading.MemoryFreeBytes = HostReader.MemoryBytes(text, "MemAvailable:"u8);
        reading.MemoryUsedBytes = reading.MemoryTotalBytes - reading.MemoryFreeBytes is >= 0 and var used ? used : null;
    }

    /// <summary>What the host can still give.</summary>
    public long? HostAvailableBytes() => HostReader.MemoryBytes(Files.Read(_meminfo), "MemAvailable:"u8);
}
