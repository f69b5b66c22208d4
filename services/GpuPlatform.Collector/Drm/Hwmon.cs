namespace GpuPlatform.Collector.Drm;

/// <summary>The sensors of one card: which file holds what, found by their labels. A file that is not there reads as null.</summary>
internal sealed class Hwmon
{
    private const int MostSensors = 16;
    private const int MostFans = 4;
    private const long MostMilliCelsius = 200_000;
    private const long MostMicrowatts = 1_000_000_000_000;
    private const long MostHertz = 100_000_000_000;

    private readonly KernelReader _files;
    private readonly string _folder;
    private readonly int? _core;
    private readonly KernelFile[] _temperature;
    private readonly KernelFile[] _power;
    private readonly KernelFile[] _energy;

    private Hwmon(string folder, string driver, KernelReader files)
    {
        (_folder, _files) = (folder, files);
        _core = Labelled("temp", "edge") ?? Labelled("temp", "pkg");
        HotspotSensor = Labelled("temp", "junction");
        MemorySensor = Labelled("temp", "mem") ?? Labelled("temp", "vram");
        // xe numbers them from the package on, where it does not label them
        if (_core is null && HotspotSensor is null)
            (_core, MemorySensor) = driver == "xe" ? (2, MemorySensor ?? 3) : (1, MemorySensor);
        // MI300 has no sensor at the edge
        _temperature = Files($"temp{_core ?? HotspotSensor}_input");
        _power = Files("power1_average", "power1_input");
        _energy = Files("energy1_input", "energy2_input");
        IsApu = Labelled("in", "vddnb") is not null;
    }

    /// <summary>Number of the sensor at the hottest point; null without one.</summary>
    public int? HotspotSensor { get; }

    /// <summary>Number of the sensor at the memory; null without one.</summary>
    public int? MemorySensor { get; }

    /// <summary>True when the card is part of a processor: only those have the voltage of a north bridge.</summary>
    public bool IsApu { get; }

    public double? CoreCelsius => FirstOf(_temperature, -MostMilliCelsius, MostMilliCelsius) / 1000d;

    /// <summary>Watts, averaged where the driver averages.</summary>
    public double? Watts => FirstOf(_power, 0, MostMicrowatts) / 1e6;

    /// <summary>Counter of the card, else of its package.</summary>
    public long? Microjoules => FirstOf(_energy, 0, long.MaxValue);

    public static Hwmon? Find(DrmCard card, KernelReader files) =>
        card.Sensors is null ? null : new Hwmon(card.Sensors, card.Driver, files);

    public double? Celsius(int? sensor, string kind = "input") =>
        sensor is { } number ? Number($"temp{number}_{kind}", -MostMilliCelsius, MostMilliCelsius) / 1000d : null;

    public double? CoreLimitCelsius(string kind) => Celsius(_core ?? HotspotSensor, kind);

    public double? PowerWatts(string name) => Number(name, 0, MostMicrowatts) / 1e6;

    /// <summary>A limit; the drivers write 0 for one that is switched off.</summary>
    public double? LimitWatts(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (PowerWatts(name) is > 0 and var watts)
                return watts;
        return null;
    }

    public double? Megahertz(string label) =>
        Labelled("freq", label) is { } number ? Number($"freq{number}_input", 0, MostHertz) / 1e6 : null;

    public double? Millivolts(string name) => Number(name, 0, 100_000);

    public List<Contracts.GpuFan>? Fans()
    {
        var fans = new List<Contracts.GpuFan>();
        for (var i = 1; i <= MostFans; i++)
        {
            var rpm = Number($"fan{i}_input", 0, 100_000);
            var duty = Number($"pwm{i}", 0, 255);
            if (rpm is not null || duty is not null)
                fans.Add(new Contracts.GpuFan { SpeedRpm = rpm, SpeedPercent = duty * 100d / 255 });
        }
        return fans.Count > 0 ? fans : null;
    }

    private int? Labelled(string kind, string label)
    {
        for (var i = 0; i < MostSensors; i++)
            if (KernelReader.Trim(_files.Read(KernelFile.At(_folder, $"{kind}{i}_label"))).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(label)))
                return i;
        return null;
    }

    private long? Number(string name, long atLeast, long atMost) => _files.Number(KernelFile.At(_folder, name), atLeast, atMost);

    private KernelFile[] Files(params IEnumerable<string> names) => [.. names.Select(name => KernelFile.At(_folder, name))];

    private long? FirstOf(KernelFile[] files, long atLeast, long atMost)
    {
        foreach (var file in files)
            if (_files.Number(file, atLeast, atMost) is { } value)
                return value;
        return null;
    }
}
