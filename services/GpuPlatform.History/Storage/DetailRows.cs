namespace GpuPlatform.History.Storage;

/// <summary>Of the dearer readings those that are looked at over time; the whole of the newest is in <see cref="GpuLatestDetailRow"/>.</summary>
internal sealed class GpuDetailRow
{
    public required string GpuUuid { get; set; }
    public DateTimeOffset SampledAt { get; set; }
    public required string NodeId { get; set; }
    public double? GraphicsClockMegahertz { get; set; }
    public double? SmClockMegahertz { get; set; }
    public double? MemoryClockMegahertz { get; set; }

    /// <summary>Of the fastest fan.</summary>
    public double? FanSpeedPercent { get; set; }

    public double? MemoryTemperatureCelsius { get; set; }
    public double? HotspotTemperatureCelsius { get; set; }
    public int? PerformanceState { get; set; }

    /// <summary>A power limit or the power supply held the clocks back.</summary>
    public bool? IsPowerThrottled { get; set; }

    /// <summary>Heat held the clocks back.</summary>
    public bool? IsThermalThrottled { get; set; }

    public double? EncoderUtilizationPercent { get; set; }
    public double? DecoderUtilizationPercent { get; set; }
    public long? PcieReceivedBytes { get; set; }
    public long? PcieSentBytes { get; set; }
    public long? PcieReplayCount { get; set; }
    public long? EccCorrectedCount { get; set; }
    public long? EccUncorrectedCount { get; set; }

    /// <summary>Reports of all error codes since the collector started.</summary>
    public long? XidCount { get; set; }
}

/// <summary>The newest details of a GPU, whole, for the live state after a restart.</summary>
internal sealed class GpuLatestDetailRow
{
    public required string GpuUuid { get; set; }
    public DateTimeOffset ReadAt { get; set; }

    /// <summary>JSON, see <see cref="DetailDocument"/>.</summary>
    public required string Document { get; set; }
}
