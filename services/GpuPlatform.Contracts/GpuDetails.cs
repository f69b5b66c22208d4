using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>
/// The readings of one GPU that cost the driver more and change less: taken every <c>Sampling:DetailInterval</c>, none of them while a game
/// runs. Null means that the driver did not say. A counter (<c>…Count</c>, <c>…Seconds</c>, <c>…Bytes</c>) grows from a start that only the
/// driver knows and may begin again: only differences mean something.
/// </summary>
public sealed record GpuDetails
{
    /// <summary>UTC instant of these readings where they are given beside newer ones; absent where the sample's own instant is theirs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Memory temperature, in °C (NVML field 82; amdgpu hwmon <c>mem</c>).</summary>
    public double? MemoryTemperatureCelsius { get; init; }

    /// <summary>Hottest point of the chip, in °C (amdgpu hwmon <c>junction</c>; NVML does not tell it).</summary>
    public double? HotspotTemperatureCelsius { get; init; }

    /// <summary>Distance to the temperature at which the driver slows the GPU down, in °C (<c>nvmlDeviceGetMarginTemperature</c>).</summary>
    public double? TemperatureMarginCelsius { get; init; }

    /// <summary>Fans, in the driver's order; empty on a board without any.</summary>
    public IReadOnlyList<GpuFan>? Fans { get; init; }

    /// <summary>Board power averaged over the last second, in watts (NVML field 185; amdgpu <c>power1_average</c>).</summary>
    public double? PowerAverageWatts { get; init; }

    /// <summary>Board power at the instant of the reading, in watts (NVML field 186; amdgpu <c>power1_input</c>).</summary>
    public double? PowerInstantWatts { get; init; }

    /// <summary>Clock of the graphics engine, in MHz (<c>nvmlDeviceGetClockInfo</c> 0).</summary>
    public double? GraphicsClockMegahertz { get; init; }

    /// <summary>Clock of the streaming multiprocessors, in MHz (<c>nvmlDeviceGetClockInfo</c> 1).</summary>
    public double? SmClockMegahertz { get; init; }

    /// <summary>Memory clock, in MHz (<c>nvmlDeviceGetClockInfo</c> 2).</summary>
    public double? MemoryClockMegahertz { get; init; }

    /// <summary>Clock of encoder and decoder, in MHz (<c>nvmlDeviceGetClockInfo</c> 3).</summary>
    public double? VideoClockMegahertz { get; init; }

    /// <summary>Performance state: 0 is the fastest, 15 the slowest (<c>nvmlDeviceGetPerformanceState</c>).</summary>
    public int? PerformanceState { get; init; }

    /// <summary>Core voltage, in millivolts (hwmon <c>in0_input</c>; NVML does not tell it).</summary>
    public double? VoltageMillivolts { get; init; }

    /// <summary>Why the clocks are held back now; empty when nothing does (<c>nvmlDeviceGetCurrentClocksEventReasons</c>).</summary>
    public IReadOnlyList<GpuThrottleReason>? ThrottleReasons { get; init; }

    /// <summary>Counter: time the clocks were held back by a power limit, in seconds (NVML field 74).</summary>
    public double? PowerThrottleSeconds { get; init; }

    /// <summary>Counter: time the clocks were held back by temperature, in seconds (NVML field 75).</summary>
    public double? ThermalThrottleSeconds { get; init; }

    /// <summary>Encoder utilisation, 0–100 % (<c>nvmlDeviceGetEncoderUtilization</c>).</summary>
    public double? EncoderUtilizationPercent { get; init; }

    /// <summary>Decoder utilisation, 0–100 % (<c>nvmlDeviceGetDecoderUtilization</c>).</summary>
    public double? DecoderUtilizationPercent { get; init; }

    /// <summary>PCI Express generation of the link as it runs now (<c>nvmlDeviceGetCurrPcieLinkGeneration</c>).</summary>
    public int? PcieGeneration { get; init; }

    /// <summary>Lanes of the link as it runs now (<c>nvmlDeviceGetCurrPcieLinkWidth</c>).</summary>
    public int? PcieLaneCount { get; init; }

    /// <summary>Counter: packets sent again on the link (NVML field 94).</summary>
    public long? PcieReplayCount { get; init; }

    /// <summary>Counter: bytes the GPU received over PCI Express (NVML field 198).</summary>
    public long? PcieReceivedBytes { get; init; }

    /// <summary>Counter: bytes the GPU sent over PCI Express (NVML field 197).</summary>
    public long? PcieSentBytes { get; init; }

    /// <summary>Memory errors and repairs; null on a GPU without error correction.</summary>
    public GpuEcc? Ecc { get; init; }

    /// <summary>What the driver asks for to get the GPU healthy again (NVML field 230).</summary>
    public GpuRecoveryAction? RecoveryAction { get; init; }

    /// <summary>Links to other GPUs; null without any.</summary>
    public GpuNvLink? NvLink { get; init; }

    /// <summary>True when the GPU is split into instances (<c>nvmlDeviceGetMigMode</c>).</summary>
    public bool? MigEnabled { get; init; }

    /// <summary>Errors the driver reported as events since the collector started, by code; empty when none were, null when it does not listen.</summary>
    public IReadOnlyList<GpuXid>? Xids { get; init; }

    /// <summary>What the profiling counters say, where switched on and present.</summary>
    public GpuProfiling? Profiling { get; init; }

    /// <summary>What does not change while the GPU is there.</summary>
    public GpuFacts? Facts { get; init; }
}

/// <summary>One fan.</summary>
public sealed record GpuFan
{
    /// <summary>Speed the controller asks for, in % of the fan's own maximum; may exceed 100 (<c>nvmlDeviceGetFanSpeed_v2</c>).</summary>
    public double? SpeedPercent { get; init; }

    /// <summary>Measured speed, in revolutions per minute (<c>nvmlDeviceGetFanSpeedRPM</c>; hwmon <c>fan1_input</c>).</summary>
    public double? SpeedRpm { get; init; }
}

/// <summary>Counters of memory errors: volatile since the driver was loaded, aggregate over the GPU's life (NVML fields 3–6, 29–31, 142–145).</summary>
public sealed record GpuEcc
{
    /// <summary>Corrected errors since the driver was loaded.</summary>
    public long? CorrectedVolatileCount { get; init; }

    /// <summary>Uncorrected errors since the driver was loaded.</summary>
    public long? UncorrectedVolatileCount { get; init; }

    /// <summary>Corrected errors over the GPU's life.</summary>
    public long? CorrectedAggregateCount { get; init; }

    /// <summary>Uncorrected errors over the GPU's life.</summary>
    public long? UncorrectedAggregateCount { get; init; }

    /// <summary>Memory pages taken out of use after corrected errors.</summary>
    public long? RetiredPagesCorrectedCount { get; init; }

    /// <summary>Memory pages taken out of use after an uncorrected error.</summary>
    public long? RetiredPagesUncorrectedCount { get; init; }

    /// <summary>True when pages wait for a restart to be taken out of use.</summary>
    public bool? RetirementPending { get; init; }

    /// <summary>Memory rows replaced after corrected errors.</summary>
    public long? RemappedRowsCorrectedCount { get; init; }

    /// <summary>Memory rows replaced after uncorrected errors.</summary>
    public long? RemappedRowsUncorrectedCount { get; init; }

    /// <summary>True when rows wait for a reset to be replaced.</summary>
    public bool? RemapPending { get; init; }

    /// <summary>True when a row could not be replaced: the board wants to be exchanged.</summary>
    public bool? RemapFailed { get; init; }
}

/// <summary>Links to other GPUs, all together.</summary>
public sealed record GpuNvLink
{
    /// <summary>Links the board has (NVML field 91).</summary>
    public int? LinkCount { get; init; }

    /// <summary>Counter: bytes received over all links (NVML field 139, or 204 from NVLink 5 on).</summary>
    public long? ReceivedBytes { get; init; }

    /// <summary>Counter: bytes sent over all links (NVML field 138, or 202 from NVLink 5 on).</summary>
    public long? SentBytes { get; init; }
}

/// <summary>Reports of one error code.</summary>
public sealed record GpuXid
{
    /// <summary>NVIDIA's XID code; 79 for instance is "fallen off the bus".</summary>
    public required int Code { get; init; }

    /// <summary>Reports since the collector started.</summary>
    public required long Count { get; init; }

    /// <summary>UTC instant of the last one.</summary>
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>Profiling counters, shares of the time between two readings (NVML GPM, Hopper and later).</summary>
public sealed record GpuProfiling
{
    /// <summary>Graphics or compute engine busy, 0–100 %: what stands for utilisation on an instance (GPM 1).</summary>
    public double? GraphicsActivityPercent { get; init; }

    /// <summary>Multiprocessors with work, 0–100 % (GPM 2).</summary>
    public double? SmActivityPercent { get; init; }

    /// <summary>Warps resident of those possible, 0–100 % (GPM 3).</summary>
    public double? SmOccupancyPercent { get; init; }

    /// <summary>Tensor cores busy, 0–100 % (GPM 5).</summary>
    public double? TensorActivityPercent { get; init; }

    /// <summary>Share of the memory bandwidth used, 0–100 % (GPM 10).</summary>
    public double? MemoryBandwidthPercent { get; init; }

    /// <summary>Bytes per second sent over PCI Express (GPM 20).</summary>
    public double? PcieSentBytesPerSecond { get; init; }

    /// <summary>Bytes per second received over PCI Express (GPM 21).</summary>
    public double? PcieReceivedBytesPerSecond { get; init; }
}

/// <summary>What holds the clocks back (<c>nvmlClocksEventReasons</c>). An idle GPU's low clocks are one, too.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GpuThrottleReason>))]
public enum GpuThrottleReason
{
    /// <summary>A reason this release does not know.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,

    /// <summary>Nothing to do.</summary>
    [JsonStringEnumMemberName("idle")] Idle,

    /// <summary>Clocks set by an application or an administrator.</summary>
    [JsonStringEnumMemberName("application-clocks")] ApplicationClocks,

    /// <summary>The power limit.</summary>
    [JsonStringEnumMemberName("power-limit")] PowerLimit,

    /// <summary>The hardware protects itself: heat or power supply.</summary>
    [JsonStringEnumMemberName("hardware-slowdown")] HardwareSlowdown,

    /// <summary>Kept in step with the slowest GPU of a group.</summary>
    [JsonStringEnumMemberName("sync-boost")] SyncBoost,

    /// <summary>The driver lowers the clocks because of heat.</summary>
    [JsonStringEnumMemberName("software-thermal")] SoftwareThermal,

    /// <summary>The hardware lowers the clocks because of heat.</summary>
    [JsonStringEnumMemberName("hardware-thermal")] HardwareThermal,

    /// <summary>The power supply asks for less.</summary>
    [JsonStringEnumMemberName("power-brake")] PowerBrake,

    /// <summary>The display's clocks set the limit.</summary>
    [JsonStringEnumMemberName("display-clocks")] DisplayClocks,
}

/// <summary>What the driver asks for to get the GPU healthy again (NVML field 230).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GpuRecoveryAction>))]
public enum GpuRecoveryAction
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>A reset of the GPU.</summary>
    [JsonStringEnumMemberName("reset")] Reset,

    /// <summary>A restart of the machine.</summary>
    [JsonStringEnumMemberName("reboot")] Reboot,

    /// <summary>Peer-to-peer traffic must end first.</summary>
    [JsonStringEnumMemberName("drain-p2p")] DrainPeerToPeer,

    /// <summary>All work must end, then a reset.</summary>
    [JsonStringEnumMemberName("drain-and-reset")] DrainAndReset,

    /// <summary>An action this release does not know.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}
