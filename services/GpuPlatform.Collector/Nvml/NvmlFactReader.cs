using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// What does not change about a GPU: read once a session, unless something failed. Some drivers have no temperature thresholds at first:
/// an answer without any is not kept, for some readings.
/// </summary>
internal sealed unsafe class NvmlFactReader(NvmlApi api, NvmlStatusFunnel funnel, NvmlDevice device, NvmlFans fans)
{
    private const int MostAttempts = 10;

    private readonly NvmlFactApi _api = api.Facts;
    private readonly NvmlAnswers _answers = new(funnel);
    private GpuFacts _facts = new();
    private int _attempts;
    private int _thresholdAttempts;

    /// <summary>The facts, read now when they are not known.</summary>
    public GpuFacts Read()
    {
        _answers.Begin();
        if (_attempts < MostAttempts)
        {
            _facts = ReadAll();
            _attempts = _answers.HasFailure ? _attempts + 1 : MostAttempts;
        }
        if (_thresholdAttempts < MostAttempts && !_answers.IsGone)
        {
            _facts = WithThresholds(_facts);
            _thresholdAttempts = HasThreshold(_facts) ? MostAttempts : _thresholdAttempts + 1;
        }
        return _facts;
    }

    private static bool HasThreshold(GpuFacts facts) => (facts.ShutdownTemperatureCelsius ?? facts.SlowdownTemperatureCelsius
        ?? facts.MaxMemoryTemperatureCelsius ?? facts.MaxOperatingTemperatureCelsius) is not null;

    private GpuFacts WithThresholds(GpuFacts facts) => facts with
    {
        ShutdownTemperatureCelsius = Threshold(0),
        SlowdownTemperatureCelsius = Threshold(1),
        MaxMemoryTemperatureCelsius = Threshold(2),
        MaxOperatingTemperatureCelsius = Threshold(3),
    };

    private GpuFacts ReadAll()
    {
        var constraints = Asked("nvmlDeviceGetPowerManagementLimitConstraints",
            _api.PowerConstraints.Read(device, out var least, out var most));
        return _facts with
        {
            Vendor = "nvidia",
            Source = SourceInfo.Nvml,
            PciBusId = BusId(),
            DriverVersion = Asked("nvmlSystemGetDriverVersion", api.DriverVersion(out var driver)) ? driver : null,
            SerialNumber = Asked("nvmlDeviceGetSerial", _api.Serial.Read(device, out var serial)) ? serial : null,
            VbiosVersion = Asked("nvmlDeviceGetVbiosVersion", _api.Vbios.Read(device, out var vbios)) ? vbios : null,
            ComputeCapability = ComputeCapability(),
            FanCount = fans.Count,
            MaxGraphicsClockMegahertz = MaxClock(0),
            MaxSmClockMegahertz = MaxClock(1),
            MaxMemoryClockMegahertz = MaxClock(2),
            MinPowerLimitWatts = constraints ? NvmlPlausible.LimitWatts(least) : null,
            MaxPowerLimitWatts = constraints ? NvmlPlausible.LimitWatts(most) : null,
            DefaultPowerLimitWatts = Number("nvmlDeviceGetPowerManagementDefaultLimit", _api.DefaultPowerLimit) is { } milliwatts
                ? NvmlPlausible.LimitWatts(milliwatts) : null,
            MaxPcieGeneration = Number("nvmlDeviceGetMaxPcieLinkGeneration", _api.MaxPcieGeneration) is { } generation
                ? NvmlPlausible.Between(generation, 1, 16) : null,
            MaxPcieLaneCount = Number("nvmlDeviceGetMaxPcieLinkWidth", _api.MaxPcieWidth) is { } lanes ? NvmlPlausible.Between(lanes, 1, 64) : null,
        };
    }

    private bool Asked(string function, NvmlStatus status) => _answers.Judge(function, status) == NvmlOutcome.Answered;

    private uint? Number(string function, DeviceNumber number) => Asked(function, number.Read(device, out var value)) ? value : null;

    private double? MaxClock(uint clock) => Asked("nvmlDeviceGetMaxClockInfo", _api.MaxClock.Read(device, clock, out var megahertz))
        ? NvmlPlausible.Megahertz(megahertz) : null;

    private double? Threshold(uint threshold) =>
        Asked("nvmlDeviceGetTemperatureThreshold", _api.TemperatureThreshold.Read(device, threshold, out var celsius)) && celsius > 0
            ? NvmlPlausible.Celsius(celsius) : null;

    private string? ComputeCapability() =>
        Asked("nvmlDeviceGetCudaComputeCapability", _api.ComputeCapability.Read(device, out var major, out var minor))
        && major is > 0 and < 1000 && minor < 1000 ? $"{major}.{minor}" : null;

    private string? BusId()
    {
        // Older versions of the structure have more text behind the numbers than this one
        var pci = stackalloc NvmlPci[2];
        pci->Bus = uint.MaxValue;
        return Asked("nvmlDeviceGetPciInfo", _api.Pci.Read(device, pci)) ? KernelBusId(pci->Domain, pci->Bus, pci->Device) : null;
    }

    /// <summary>The address as the kernel names it: NVML's own text has eight digits of domain, in capitals.</summary>
    internal static string? KernelBusId(uint domain, uint bus, uint device) =>
        domain <= 0xFFFFFF && bus <= 0xFF && device <= 0x1F ? $"{domain:x4}:{bus:x2}:{device:x2}.0" : null;
}
