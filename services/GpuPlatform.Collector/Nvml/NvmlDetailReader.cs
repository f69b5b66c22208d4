using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>The dear tier of one GPU: one call for all fields, and one for each reading that is no field.</summary>
internal sealed unsafe class NvmlDetailReader(NvmlApi api, NvmlAnswers answers, NvmlDevice device, NvmlFans fans)
{
    private const int ClockCount = 4;
    private const double NanosecondsPerSecond = 1e9;
    private const long BytesPerKibibyte = 1024;

    private readonly NvmlDetailApi _api = api.Details;
    private readonly NvmlFieldBatch _fields = new(api, answers, device);
    private readonly NvmlQuery _powerLimit = answers.Query("nvmlDeviceGetEnforcedPowerLimit");
    private readonly NvmlQuery _margin = answers.Query("nvmlDeviceGetMarginTemperature");
    private readonly NvmlQuery[] _clocks = [.. Enumerable.Range(0, ClockCount).Select(_ => answers.Query("nvmlDeviceGetClockInfo"))];
    private readonly NvmlQuery _performanceState = answers.Query("nvmlDeviceGetPerformanceState");
    private readonly NvmlQuery _reasons = answers.Query("nvmlDeviceGetCurrentClocksEventReasons");
    private readonly NvmlQuery _encoder = answers.Query("nvmlDeviceGetEncoderUtilization");
    private readonly NvmlQuery _decoder = answers.Query("nvmlDeviceGetDecoderUtilization");
    private readonly NvmlQuery _pcieGeneration = answers.Query("nvmlDeviceGetCurrPcieLinkGeneration");
    private readonly NvmlQuery _pcieWidth = answers.Query("nvmlDeviceGetCurrPcieLinkWidth");
    private readonly NvmlErrorReader _errors = new(api, answers, device);

    public double? PowerLimitWatts() => _powerLimit.IsOpen && _powerLimit.Accept(_api.PowerLimit.Read(device, out var milliwatts))
        ? NvmlPlausible.LimitWatts(milliwatts) : null;

    public GpuDetails Read()
    {
        _fields.Read();
        return new GpuDetails
        {
            MemoryTemperatureCelsius = MemoryCelsius(),
            TemperatureMarginCelsius = MarginCelsius(),
            Fans = fans.Read(),
            PowerAverageWatts = Watts(NvmlField.PowerAverage),
            PowerInstantWatts = Watts(NvmlField.PowerInstant),
            GraphicsClockMegahertz = ClockMegahertz(0),
            SmClockMegahertz = ClockMegahertz(1),
            MemoryClockMegahertz = ClockMegahertz(2),
            VideoClockMegahertz = ClockMegahertz(3),
            PerformanceState = Number(_performanceState, _api.PerformanceState, 0, 15),
            ThrottleReasons = _reasons.IsOpen && _reasons.Accept(_api.ThrottleReasons.Read(device, out var bits))
                ? NvmlThrottleReasons.Parse(bits) : null,
            PowerThrottleSeconds = _errors.ViolationNanoseconds(_fields, NvmlField.PowerViolation) / NanosecondsPerSecond,
            ThermalThrottleSeconds = _errors.ViolationNanoseconds(_fields, NvmlField.ThermalViolation) / NanosecondsPerSecond,
            EncoderUtilizationPercent = Percent(_encoder, _api.Encoder),
            DecoderUtilizationPercent = Percent(_decoder, _api.Decoder),
            PcieGeneration = Number(_pcieGeneration, _api.PcieGeneration, 1, 16),
            PcieLaneCount = Number(_pcieWidth, _api.PcieWidth, 1, 64),
            PcieReplayCount = _errors.PcieReplayCount(_fields),
            PcieReceivedBytes = Counter(NvmlField.PcieReceivedBytes),
            PcieSentBytes = Counter(NvmlField.PcieSentBytes),
            Ecc = _errors.Ecc(_fields),
            RecoveryAction = RecoveryAction(),
            NvLink = NvLink(),
        };
    }

    private int? Number(NvmlQuery query, DeviceNumber function, int least, int most) =>
        query.IsOpen && query.Accept(function.Read(device, out var value)) ? NvmlPlausible.Between(value, least, most) : null;

    private double? Percent(NvmlQuery query, DevicePair function) =>
        query.IsOpen && query.Accept(function.Read(device, out var percent, out _)) ? NvmlPlausible.Percent(percent) : null;

    private double? ClockMegahertz(uint clock) =>
        _clocks[clock].IsOpen && _clocks[clock].Accept(_api.Clock.Read(device, clock, out var megahertz)) ? NvmlPlausible.Megahertz(megahertz) : null;

    private double? MarginCelsius()
    {
        var margin = new NvmlMargin { Version = NvmlMargin.CurrentVersion, Celsius = int.MaxValue };
        return _margin.IsOpen && _margin.Accept(_api.Margin.Read(device, &margin)) ? NvmlPlausible.Celsius(margin.Celsius) : null;
    }

    // Memory without a sensor is 0 °C on some boards, which no memory that runs can be
    private double? MemoryCelsius() =>
        _fields.Number(NvmlField.MemoryTemperature) is { } celsius and not 0 and > -200 and < 200 ? celsius : null;

    private double? Watts(NvmlField field) => _fields.Integer(field) is >= 0 and <= uint.MaxValue and var milliwatts
        ? NvmlPlausible.Watts((uint)milliwatts) : null;

    private long? Counter(NvmlField field) => NvmlPlausible.Counter(_fields.Integer(field));

    private GpuRecoveryAction? RecoveryAction() => _fields.Integer(NvmlField.RecoveryAction) switch
    {
        null => null,
        0 => GpuRecoveryAction.None,
        1 => GpuRecoveryAction.Reset,
        2 => GpuRecoveryAction.Reboot,
        3 => GpuRecoveryAction.DrainPeerToPeer,
        4 => GpuRecoveryAction.DrainAndReset,
        _ => GpuRecoveryAction.Unknown,
    };

    private GpuNvLink? NvLink() => _fields.Integer(NvmlField.NvLinkCount) is > 0 and <= 1024 and var count
        ? new GpuNvLink
        {
            LinkCount = (int)count,
            ReceivedBytes = Counter(NvmlField.NvLink5ReceivedBytes) ?? Bytes(NvmlField.NvLinkReceivedKibibytes),
            SentBytes = Counter(NvmlField.NvLink5SentBytes) ?? Bytes(NvmlField.NvLinkSentKibibytes),
        }
        : null;

    private long? Bytes(NvmlField field) => Counter(field) is <= long.MaxValue / BytesPerKibibyte and var kibibytes ? kibibytes * BytesPerKibibyte : null;
}
