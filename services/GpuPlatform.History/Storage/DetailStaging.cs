using GpuPlatform.Contracts;
using Npgsql;
using NpgsqlTypes;
using static GpuPlatform.History.Storage.Staging;

namespace GpuPlatform.History.Storage;

/// <summary>The way of a GPU's details into the tables, on the ticks that have some: once as columns of time, once whole as the newest.</summary>
internal static class DetailStaging
{
    public const string Table = """
        CREATE TEMP TABLE IF NOT EXISTS staged_detail (
            gpu_uuid text, graphics_clock_megahertz float8, sm_clock_megahertz float8, memory_clock_megahertz float8, fan_speed_percent float8,
            memory_temperature_celsius float8, hotspot_temperature_celsius float8, performance_state int, is_power_throttled bool,
            is_thermal_throttled bool, encoder_utilization_percent float8, decoder_utilization_percent float8, pcie_received_bytes int8,
            pcie_sent_bytes int8, pcie_replay_count int8, ecc_corrected_count int8, ecc_uncorrected_count int8, xid_count int8, document jsonb
        ) ON COMMIT DELETE ROWS
        """;

    public static readonly string[] Statements =
    [
        """
        INSERT INTO gpu_detail (gpu_uuid, sampled_at, node_id, graphics_clock_megahertz, sm_clock_megahertz, memory_clock_megahertz,
            fan_speed_percent, memory_temperature_celsius, hotspot_temperature_celsius, performance_state, is_power_throttled, is_thermal_throttled,
            encoder_utilization_percent, decoder_utilization_percent, pcie_received_bytes, pcie_sent_bytes, pcie_replay_count,
            ecc_corrected_count, ecc_uncorrected_count, xid_count)
        SELECT gpu_uuid, $2, $1, graphics_clock_megahertz, sm_clock_megahertz, memory_clock_megahertz,
            fan_speed_percent, memory_temperature_celsius, hotspot_temperature_celsius, performance_state, is_power_throttled, is_thermal_throttled,
            encoder_utilization_percent, decoder_utilization_percent, pcie_received_bytes, pcie_sent_bytes, pcie_replay_count,
            ecc_corrected_count, ecc_uncorrected_count, xid_count
        FROM staged_detail
        ON CONFLICT DO NOTHING
        """,
        """
        INSERT INTO gpu_latest_detail AS known (gpu_uuid, read_at, document)
        SELECT gpu_uuid, $2, document FROM staged_detail ORDER BY gpu_uuid
        ON CONFLICT (gpu_uuid) DO UPDATE SET read_at = excluded.read_at, document = excluded.document
        WHERE excluded.read_at > known.read_at
        """,
    ];

    private const string Copy = "COPY staged_detail FROM STDIN (FORMAT BINARY)";

    public static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<GpuSample> samples, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellation);
        foreach (var sample in samples)
        {
            if (sample.Details is not { } details)
                continue;
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(sample.Uuid, NpgsqlDbType.Text, cancellation);
            await WriteAsync(copy, details.GraphicsClockMegahertz, cancellation);
            await WriteAsync(copy, details.SmClockMegahertz, cancellation);
            await WriteAsync(copy, details.MemoryClockMegahertz, cancellation);
            await WriteAsync(copy, details.Fans?.Max(fan => fan.SpeedPercent), cancellation);
            await WriteAsync(copy, details.MemoryTemperatureCelsius, cancellation);
            await WriteAsync(copy, details.HotspotTemperatureCelsius, cancellation);
            await WriteAsync(copy, details.PerformanceState, cancellation);
            await WriteAsync(copy, Holds(details, IsPower), cancellation);
            await WriteAsync(copy, Holds(details, IsHeat), cancellation);
            await WriteAsync(copy, details.EncoderUtilizationPercent, cancellation);
            await WriteAsync(copy, details.DecoderUtilizationPercent, cancellation);
            await WriteAsync(copy, details.PcieReceivedBytes, cancellation);
            await WriteAsync(copy, details.PcieSentBytes, cancellation);
            await WriteAsync(copy, details.PcieReplayCount, cancellation);
            await WriteAsync(copy, details.Ecc?.CorrectedVolatileCount, cancellation);
            await WriteAsync(copy, details.Ecc?.UncorrectedVolatileCount, cancellation);
            await WriteAsync(copy, XidCount(details), cancellation);
            await copy.WriteAsync(DetailDocument.Write(details), NpgsqlDbType.Jsonb, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    // The hardware's own slowdown may be either; it is heat far more often than the power supply
    internal static bool IsHeat(GpuThrottleReason reason) =>
        reason is GpuThrottleReason.SoftwareThermal or GpuThrottleReason.HardwareThermal or GpuThrottleReason.HardwareSlowdown;

    internal static bool IsPower(GpuThrottleReason reason) => reason is GpuThrottleReason.PowerLimit or GpuThrottleReason.PowerBrake;

    private static bool? Holds(GpuDetails details, Func<GpuThrottleReason, bool> reason) => details.ThrottleReasons?.Any(reason);

    // Saturates: a sum of plausible counts may still be more than a column takes
    private static long? XidCount(GpuDetails details) =>
        details.Xids?.Aggregate(0L, (sum, xid) => sum > long.MaxValue - xid.Count ? long.MaxValue : sum + xid.Count);
}
