using System.Buffers.Text;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Drm;

/// <summary>A card of AMD, through the files of <c>amdgpu</c>. Never <c>pcie_bw</c>, which blocks for a second, nor the binary <c>gpu_metrics</c>.</summary>
internal sealed class AmdGpu : IGpu
{
    private const long MostBytes = 1L << 50;
    private const double MostMegahertz = 100_000;

    private readonly DrmDevice _device;
    private readonly DrmHolders _holders;
    private readonly DrmProcesses _processes;
    private readonly string? _driverVersion;
    private readonly KernelFile _busy, _memoryBusy, _vramTotal, _vramUsed, _gttTotal, _gttUsed;
    private GpuFacts? _facts;

    public AmdGpu(DrmCard card, GpuIdentity identity, string? driverVersion, DrmHost host)
    {
        (Identity, _driverVersion, _holders) = (identity, driverVersion, host.Holders);
        _device = new DrmDevice(card, host);
        _processes = new DrmProcesses(
            new DrmClients(host.Root, card, Files), new Kfd(host.Root, card, Files), new EngineMeter(host.Clock));
        _busy = _device.File("gpu_busy_percent");
        _memoryBusy = _device.File("mem_busy_percent");
        _vramTotal = _device.File("mem_info_vram_total");
        _vramUsed = _device.File("mem_info_vram_used");
        _gttTotal = _device.File("mem_info_gtt_total");
        _gttUsed = _device.File("mem_info_gtt_used");
    }

    public GpuIdentity Identity { get; }

    private KernelReader Files => _device.Files;

    private bool IsApu => _device.Sensors is { IsApu: true };

    public bool IsAsleep() => _device.IsAsleep();

    public void Read(ref GpuReading reading)
    {
        reading = default;
        var isApu = IsApu;
        Files.Begin();
        ReadMemory(ref reading, isApu);
        var answered = Files.AnswerCount > 0;
        if (_device.Power.MayTouch())
        {
            Files.Begin();
            ReadSensors(ref reading);
            _device.NoteRefusal();
            _device.Power.Note(reading.UtilizationPercent);
        }
        if (!answered && Files.AnswerCount == 0)
            _device.Explain(ref reading);
    }

    public GpuDetailReading? ReadDetails()
    {
        if (!_device.Power.MayTouch())
            return null;
        var sensors = _device.Sensors;
        var (sclk, _) = Clocks("pp_dpm_sclk");
        var (mclk, _) = Clocks("pp_dpm_mclk");
        var details = new GpuDetails
        {
            HotspotTemperatureCelsius = sensors?.Celsius(sensors.HotspotSensor),
            MemoryTemperatureCelsius = sensors?.Celsius(sensors.MemorySensor),
            Fans = sensors?.Fans(),
            PowerAverageWatts = sensors?.PowerWatts("power1_average"),
            PowerInstantWatts = sensors?.PowerWatts("power1_input"),
            GraphicsClockMegahertz = sensors?.Megahertz("sclk") ?? sclk,
            MemoryClockMegahertz = sensors?.Megahertz("mclk") ?? mclk,
            VideoClockMegahertz = Clocks("pp_dpm_vclk").Current,
            VoltageMillivolts = sensors?.Millivolts("in0_input"),
            PcieGeneration = _device.Link.Generation,
            PcieLaneCount = _device.Link.LaneCount,
            Facts = _facts ??= ReadFacts(sensors),
        };
        return new GpuDetailReading(details, sensors?.LimitWatts("power1_cap"));
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        _processes.Read(_holders.Refresh(), IsApu, processes);
        return true;
    }

    private void ReadSensors(ref GpuReading reading)
    {
        reading.UtilizationPercent = Files.Number(_busy, 0, 100);
        reading.MemoryUtilizationPercent = Files.Number(_memoryBusy, 0, 100);
        reading.TemperatureCelsius = _device.Sensors?.CoreCelsius;
        reading.PowerWatts = _device.Sensors?.Watts;
    }

    // The driver answers these from its own books, whatever the card does
    private void ReadMemory(ref GpuReading reading, bool isApu)
    {
        var total = Files.Number(_vramTotal, 1, MostBytes);
        var used = Files.Number(_vramUsed, 0, total ?? MostBytes);
        if (!isApu)
        {
            (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes) = (total, used, total - used);
            return;
        }
        // A part of the host's memory that the firmware sets aside, and what the driver may take of the rest
        var gttTotal = Files.Number(_gttTotal, 0, MostBytes);
        var gttUsed = Files.Number(_gttUsed, 0, gttTotal ?? MostBytes);
        reading.MemoryIsShared = true;
        reading.MemoryTotalBytes = total + gttTotal;
        reading.MemoryUsedBytes = used + gttUsed;
        if (gttTotal - gttUsed is { } gttFree && _device.HostAvailableBytes() is { } available)
            reading.MemoryFreeBytes = total - used + Math.Min(gttFree, available);
    }

    private GpuFacts ReadFacts(Hwmon? sensors) => new()
    {
        Vendor = "amd",
        Source = _device.Card.Driver,
        PciBusId = _device.Card.BusId,
        DriverVersion = _driverVersion,
        SerialNumber = Files.Text(_device.File("serial_number")),
        VbiosVersion = Files.Text(_device.File("vbios_version")),
        FanCount = sensors?.Fans()?.Count,
        MaxGraphicsClockMegahertz = Clocks("pp_dpm_sclk").Highest,
        MaxMemoryClockMegahertz = Clocks("pp_dpm_mclk").Highest,
        MinPowerLimitWatts = sensors?.PowerWatts("power1_cap_min"),
        MaxPowerLimitWatts = sensors?.LimitWatts("power1_cap_max"),
        DefaultPowerLimitWatts = sensors?.LimitWatts("power1_cap_default"),
        MaxPcieGeneration = _device.Link.MaxGeneration,
        MaxPcieLaneCount = _device.Link.MaxLaneCount,
        ShutdownTemperatureCelsius = sensors?.CoreLimitCelsius("emergency"),
        SlowdownTemperatureCelsius = sensors?.CoreLimitCelsius("crit"),
        MaxMemoryTemperatureCelsius = sensors?.Celsius(sensors.MemorySensor, "crit"),
    };

    // "1: 1500Mhz *", the star at the level in force
    private (double? Current, double? Highest) Clocks(string name)
    {
        double? current = null, highest = null;
        var text = Files.Read(_device.File(name));
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var level = KernelReader.Trim(line[(line.IndexOf((byte)':') + 1)..]);
            if (!Utf8Parser.TryParse(level, out double megahertz, out var used) || !level[used..].StartsWith("Mhz"u8)
                || megahertz is not (>= 0 and <= MostMegahertz))
                continue;
            current = level.EndsWith("*"u8) ? megahertz : current;
            highest = Math.Max(highest ?? 0, megahertz);
        }
        return (current, highest);
    }
}
