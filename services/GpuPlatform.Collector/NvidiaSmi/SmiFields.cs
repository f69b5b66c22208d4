namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>What the program is asked for, by the names of <c>nvidia-smi --help-query-gpu</c>.</summary>
internal static class SmiFields
{
    /// <summary>Asked at every tick. One run answers for all GPUs.</summary>
    public static readonly string[] Cheap =
    [
        "index", "uuid", "name", "driver_version", "utilization.gpu", "utilization.memory", "memory.total", "memory.used", "memory.free",
        "memory.reserved", "temperature.gpu", "power.draw",
    ];

    /// <summary>Asked with the details.</summary>
    public static readonly string[] Dear =
    [
        "uuid", "enforced.power.limit", "power.draw.average", "power.draw.instant", "temperature.memory", "fan.speed", "clocks.gr", "clocks.sm",
        "clocks.mem", "clocks.video", "pstate", "clocks_event_reasons.active", "clocks_throttle_reasons.active", "utilization.encoder",
        "utilization.decoder", "pcie.link.gen.current", "pcie.link.width.current", "ecc.errors.corrected.volatile.total",
        "ecc.errors.uncorrected.volatile.total", "ecc.errors.corrected.aggregate.total", "ecc.errors.uncorrected.aggregate.total",
        "retired_pages.single_bit_ecc.count", "retired_pages.double_bit.count", "retired_pages.pending", "mig.mode.current", "pci.bus_id",
        "driver_version", "serial", "vbios_version", "compute_cap", "clocks.max.gr", "clocks.max.sm", "clocks.max.mem", "power.min_limit",
        "power.max_limit", "power.default_limit", "pcie.link.gen.max", "pcie.link.width.max",
    ];

    /// <summary>Asked with the process lists; the program lists compute processes only.</summary>
    public static readonly string[] Processes = ["gpu_uuid", "pid", "used_memory"];
}
