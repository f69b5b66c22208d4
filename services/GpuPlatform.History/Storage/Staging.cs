using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using Npgsql;
using NpgsqlTypes;

namespace GpuPlatform.History.Storage;

/// <summary>Temporary tables that every ingest connection has; COPY fills them, the commit empties them.</summary>
internal static class Staging
{
    private const string Tables = """
        CREATE TEMP TABLE IF NOT EXISTS staged_sample (
            gpu_uuid text, gpu_index int, gpu_name text, utilization_percent float8, memory_utilization_percent float8,
            memory_total_bytes int8, memory_used_bytes int8, memory_free_bytes int8, memory_reserved_bytes int8,
            temperature_celsius float8, power_watts float8, power_limit_watts float8, error text, lists_processes bool,
            energy_joules float8, state text, parent_uuid text, memory_is_shared bool
        ) ON COMMIT DELETE ROWS;
        CREATE TEMP TABLE IF NOT EXISTS staged_process (
            gpu_uuid text, pid int, started_at timestamptz, memory_used_bytes int8, sm_percent float8, memory_percent float8, encoder_percent float8,
            decoder_percent float8
        ) ON COMMIT DELETE ROWS;
        """;

    private const string CopySamples = "COPY staged_sample FROM STDIN (FORMAT BINARY)";
    private const string CopyProcesses = "COPY staged_process FROM STDIN (FORMAT BINARY)";

    public static async Task CreateAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Tables + UsageStaging.Table + DetailStaging.Table, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task CopySamplesAsync(NpgsqlConnection connection, IReadOnlyList<GpuSample> samples, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopySamples, cancellation);
        foreach (var sample in samples)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(sample.Uuid, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(sample.Index, NpgsqlDbType.Integer, cancellation);
            await copy.WriteAsync(Text.Clean(sample.Name), NpgsqlDbType.Text, cancellation);
            await WriteAsync(copy, sample.UtilizationPercent, cancellation);
            await WriteAsync(copy, sample.MemoryUtilizationPercent, cancellation);
            await WriteAsync(copy, sample.MemoryTotalBytes, cancellation);
            await WriteAsync(copy, sample.MemoryUsedBytes, cancellation);
            await WriteAsync(copy, sample.MemoryFreeBytes, cancellation);
            await WriteAsync(copy, sample.MemoryReservedBytes, cancellation);
            await WriteAsync(copy, sample.TemperatureCelsius, cancellation);
            await WriteAsync(copy, sample.PowerWatts, cancellation);
            await WriteAsync(copy, sample.PowerLimitWatts, cancellation);
            await WriteAsync(copy, Text.Clean(sample.Error), cancellation);
            await copy.WriteAsync(sample.Processes is not null, NpgsqlDbType.Boolean, cancellation);
            await WriteAsync(copy, sample.EnergyJoules, cancellation);
            await WriteAsync(copy, sample.State is GpuState.Active ? null : WireName.Of(sample.State), cancellation);
            await WriteAsync(copy, sample.ParentUuid, cancellation);
            await copy.WriteAsync(sample.MemoryIsShared, NpgsqlDbType.Boolean, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    public static async Task CopyProcessesAsync(NpgsqlConnection connection, IReadOnlyList<GpuSample> samples, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyProcesses, cancellation);
        foreach (var sample in samples)
        {
            foreach (var process in sample.Processes ?? [])
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(sample.Uuid, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(process.Pid, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(process.StartedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await WriteAsync(copy, process.MemoryUsedBytes, cancellation);
                await WriteAsync(copy, process.SmPercent, cancellation);
                await WriteAsync(copy, process.MemoryPercent, cancellation);
                await WriteAsync(copy, process.EncoderPercent, cancellation);
                await WriteAsync(copy, process.DecoderPercent, cancellation);
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? value, CancellationToken cancellation) =>
        value is not null ? copy.WriteAsync(value, NpgsqlDbType.Text, cancellation) : copy.WriteNullAsync(cancellation);

    internal static Task WriteAsync(NpgsqlBinaryImporter copy, int? value, CancellationToken cancellation) =>
        value is { } known ? copy.WriteAsync(known, NpgsqlDbType.Integer, cancellation) : copy.WriteNullAsync(cancellation);

    internal static Task WriteAsync(NpgsqlBinaryImporter copy, bool? value, CancellationToken cancellation) =>
        value is { } known ? copy.WriteAsync(known, NpgsqlDbType.Boolean, cancellation) : copy.WriteNullAsync(cancellation);

    internal static Task WriteAsync(NpgsqlBinaryImporter copy, double? value, CancellationToken cancellation) =>
        value is { } known ? copy.WriteAsync(known, NpgsqlDbType.Double, cancellation) : copy.WriteNullAsync(cancellation);

    internal static Task WriteAsync(NpgsqlBinaryImporter copy, long? value, CancellationToken cancellation) =>
        value is { } known ? copy.WriteAsync(known, NpgsqlDbType.Bigint, cancellation) : copy.WriteNullAsync(cancellation);
}
