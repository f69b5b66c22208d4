namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions of the dear tier. Many go to the GPU's firmware.</summary>
internal sealed class NvmlDetailApi(NvmlLibrary library)
{
    /// <summary><c>nvmlDeviceGetFieldValues</c>: many readings in one call, each with a status of its own.</summary>
    public DeviceFields Fields { get; } = new(library.Resolve("nvmlDeviceGetFieldValues"));

    /// <summary><c>nvmlDeviceGetEnforcedPowerLimit</c>, mW.</summary>
    public DeviceNumber PowerLimit { get; } = new(library.Resolve("nvmlDeviceGetEnforcedPowerLimit"));

    /// <summary><c>nvmlDeviceGetMarginTemperature</c>, °C to the slowdown.</summary>
    public DeviceRecord<NvmlMargin> Margin { get; } = new(library.Resolve("nvmlDeviceGetMarginTemperature"));

    /// <summary><c>nvmlDeviceGetNumFans</c>.</summary>
    public DeviceNumber FanCount { get; } = new(library.Resolve("nvmlDeviceGetNumFans"));

    /// <summary><c>nvmlDeviceGetFanSpeed_v2</c> of one fan, intended speed in percent; may exceed 100.</summary>
    public DeviceNumberOf FanSpeedV2 { get; } = new(library.Resolve("nvmlDeviceGetFanSpeed_v2"));

    /// <summary><c>nvmlDeviceGetFanSpeed</c> of the first fan, likewise.</summary>
    public DeviceNumber FanSpeed { get; } = new(library.Resolve("nvmlDeviceGetFanSpeed"));

    /// <summary><c>nvmlDeviceGetFanSpeedRPM</c>; driver 565 and later.</summary>
    public DeviceRecord<NvmlFanSpeed> FanRpm { get; } = new(library.Resolve("nvmlDeviceGetFanSpeedRPM"));

    /// <summary><c>nvmlDeviceGetClockInfo</c>, MHz: 0 graphics, 1 multiprocessors, 2 memory, 3 video.</summary>
    public DeviceNumberOf Clock { get; } = new(library.Resolve("nvmlDeviceGetClockInfo"));

    /// <summary><c>nvmlDeviceGetPerformanceState</c>: 0 to 15, 32 is unknown.</summary>
    public DeviceNumber PerformanceState { get; } = new(library.Resolve("nvmlDeviceGetPerformanceState"));

    /// <summary><c>nvmlDeviceGetCurrentClocksEventReasons</c>, until driver 535 <c>…ThrottleReasons</c>: bits.</summary>
    public DeviceCounter ThrottleReasons { get; } = new(library.Resolve(
        "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"));

    /// <summary><c>nvmlDeviceGetEncoderUtilization</c>, percent, and the period it is of in µs.</summary>
    public DevicePair Encoder { get; } = new(library.Resolve("nvmlDeviceGetEncoderUtilization"));

    /// <summary><c>nvmlDeviceGetDecoderUtilization</c>, likewise.</summary>
    public DevicePair Decoder { get; } = new(library.Resolve("nvmlDeviceGetDecoderUtilization"));

    /// <summary><c>nvmlDeviceGetCurrPcieLinkGeneration</c>.</summary>
    public DeviceNumber PcieGeneration { get; } = new(library.Resolve("nvmlDeviceGetCurrPcieLinkGeneration"));

    /// <summary><c>nvmlDeviceGetCurrPcieLinkWidth</c>, lanes.</summary>
    public DeviceNumber PcieWidth { get; } = new(library.Resolve("nvmlDeviceGetCurrPcieLinkWidth"));

    /// <summary><c>nvmlDeviceGetPcieReplayCounter</c>: what field 94 says, for libraries without fields.</summary>
    public DeviceNumber PcieReplays { get; } = new(library.Resolve("nvmlDeviceGetPcieReplayCounter"));

    /// <summary><c>nvmlDeviceGetTotalEccErrors</c>: fields 3 to 6, likewise.</summary>
    public DeviceEccCounter EccErrors { get; } = new(library.Resolve("nvmlDeviceGetTotalEccErrors"));

    /// <summary><c>nvmlDeviceGetRemappedRows</c>: fields 142 to 145, likewise.</summary>
    public DeviceRows RemappedRows { get; } = new(library.Resolve("nvmlDeviceGetRemappedRows"));

    /// <summary><c>nvmlDeviceGetViolationStatus</c>, ns: fields 74 and 75, likewise. 0 is power, 1 is heat.</summary>
    public DeviceRecordOf<NvmlViolation> Violation { get; } = new(library.Resolve("nvmlDeviceGetViolationStatus"));
}
