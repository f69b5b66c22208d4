using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Drm;

/// <summary>
/// A card of Intel, through the files of <c>i915</c> or <c>xe</c>. Neither tells how busy the card is nor how much memory it has: the first is
/// summed over its clients, where all of them can be seen, and the second stays null.
/// </summary>
internal sealed class IntelGpu : IGpu
{
    private readonly DrmDevice _device;
    private readonly DrmHolders _holders;
    private readonly DrmClients _clients;
    private readonly DrmProcesses _processes;
    private readonly EngineMeter _meter;
    private readonly EnergyMeter _energy;
    private readonly string? _driverVersion;
    private GpuFacts? _facts;

    public IntelGpu(DrmCard card, GpuIdentity identity, string? driverVersion, DrmHost host)
    {
        (Identity, _driverVersion, _holders) = (identity, driverVersion, host.Holders);
        _device = new DrmDevice(card, host);
        _clients = new DrmClients(host.Root, card, Files);
        _processes = new DrmProcesses(_clients, kfd: null, new EngineMeter(host.Clock));
        // Apart from that of the processes: the two are asked at different times
        _meter = new EngineMeter(host.Clock);
        _energy = new EnergyMeter(host.Clock);
    }

    public GpuIdentity Identity { get; }

    private KernelReader Files => _device.Files;

    private DrmCard Card => _device.Card;

    public bool IsAsleep() => _device.IsAsleep();

    public void Read(ref GpuReading reading)
    {
        reading = default;
        if (Card.IsIntelIntegrated)
            _device.ReadHostMemory(ref reading);
        if (!_device.Power.MayTouch())
            return;
        var sensors = _device.Sensors;
        Files.Begin();
        reading.TemperatureCelsius = sensors?.CoreCelsius;
        var microjoules = sensors?.Microjoules;
        reading.EnergyJoules = microjoules / 1e6;
        reading.PowerWatts = _energy.Watts(microjoules);
        _device.NoteRefusal();
        if (Files.AnswerCount == 0)
            _device.Explain(ref reading);
        if (reading.Error is null)
            reading.UtilizationPercent = ReadUtilization();
        _device.Power.Note(reading.UtilizationPercent);
    }

    public GpuDetailReading? ReadDetails()
    {
        if (!_device.Power.MayTouch())
            return null;
        var sensors = _device.Sensors;
        var details = new GpuDetails
        {
            MemoryTemperatureCelsius = sensors?.Celsius(sensors.MemorySensor),
            Fans = sensors?.Fans(),
            GraphicsClockMegahertz = Clock("cur"),
            VoltageMillivolts = sensors?.Millivolts(Card.Driver == "xe" ? "in1_input" : "in0_input"),
            PcieGeneration = Card.IsIntelIntegrated ? null : _device.Link.Generation,
            PcieLaneCount = Card.IsIntelIntegrated ? null : _device.Link.LaneCount,
            Facts = _facts ??= ReadFacts(sensors),
        };
        return new GpuDetailReading(details, sensors?.LimitWatts("power1_max", "power2_max"));
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        processes.Clear();
        // xe takes a reference on the card for every fdinfo
        if (!_device.Power.MayTouch())
            return false;
        _processes.Read(_holders.Refresh(), Card.IsIntelIntegrated, processes);
        return true;
    }

    // Null where a process may be hidden: a sum over some of them would be too small, and nobody could tell
    private double? ReadUtilization()
    {
        var list = _holders.Current;
        if (!list.IsComplete)
            return null;
        var sum = default(EngineShares);
        var (clientCount, measuredCount) = (0, 0);
        _meter.Begin();
        _clients.Begin(list);
        while (_clients.MoveNext(out _, out var key, out var info))
        {
            clientCount++;
            if (_meter.Measure(key, info) is not { } shares)
                continue;
            measuredCount++;
            sum.Add(shares);
        }
        _meter.End();
        return clientCount == 0 || measuredCount > 0 ? sum.BusiestPercent : null;
    }

    private GpuFacts ReadFacts(Hwmon? sensors) => new()
    {
        Vendor = "intel",
        Source = Card.Driver,
        PciBusId = Card.BusId,
        DriverVersion = _driverVersion,
        FanCount = sensors?.Fans()?.Count,
        MaxGraphicsClockMegahertz = Clock("max"),
        // The driver takes limits up to the rated one
        MaxPowerLimitWatts = sensors?.LimitWatts("power1_rated_max", "power2_rated_max"),
        DefaultPowerLimitWatts = sensors?.LimitWatts("power1_rated_max", "power2_rated_max"),
        MaxPcieGeneration = Card.IsIntelIntegrated ? null : _device.Link.MaxGeneration,
        MaxPcieLaneCount = Card.IsIntelIntegrated ? null : _device.Link.MaxLaneCount,
        ShutdownTemperatureCelsius = sensors?.CoreLimitCelsius("emergency"),
        SlowdownTemperatureCelsius = sensors?.CoreLimitCelsius("crit"),
        MaxMemoryTemperatureCelsius = sensors?.Celsius(sensors.MemorySensor, "crit"),
    };

    private double? Clock(string kind) => Files.Number(
        Card.Driver == "xe" ? _device.File($"tile0/gt0/freq0/{kind}_freq") : KernelFile.At(Card.Folder, $"gt_{kind}_freq_mhz"), 0, 100_000);
}
