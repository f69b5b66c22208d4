using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;

namespace GpuPlatform.History.Queries;

/// <summary>Reads ranges of time.</summary>
internal sealed class HistoricalStore(Databases databases, TimeProvider time)
{
    internal static readonly DateTimeOffset Grid = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal const string Filter = "sampled_at >= $1 AND sampled_at < $2 AND ($3::text IS NULL OR node_id = $3)";

    // The newest 60 readings of each series tell its cadence; the median ignores pauses.
    private const string Cadences = $"""
        WITH gaps AS (
            SELECT 'g' || gpu_uuid AS series, sampled_at - lag(sampled_at) OVER (PARTITION BY gpu_uuid ORDER BY sampled_at) AS gap
            FROM gpu CROSS JOIN LATERAL (SELECT sampled_at FROM gpu_sample
                WHERE gpu_sample.gpu_uuid = gpu.gpu_uuid AND {Filter} ORDER BY sampled_at DESC LIMIT 60) newest
            WHERE $4::text IS NULL OR gpu_uuid = $4
            UNION ALL
            SELECT 'h' || node_id, sampled_at - lag(sampled_at) OVER (PARTITION BY node_id ORDER BY sampled_at)
            FROM node CROSS JOIN LATERAL (SELECT sampled_at FROM host_sample
                WHERE host_sample.node_id = node.node_id AND sampled_at >= $1 AND sampled_at < $2 ORDER BY sampled_at DESC LIMIT 60) newest
            WHERE $4::text IS NULL AND ($3::text IS NULL OR node_id = $3)
        ), cadence AS (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap FROM gaps WHERE gap IS NOT NULL GROUP BY series
        )
        SELECT min(gap), max(gap) FROM cadence
        """;

    private const string RawGpus = $"""
        SELECT s.node_id, s.gpu_uuid, g.name, s.sampled_at, s.utilization_percent, s.memory_used_bytes::float8, s.temperature_celsius, s.power_watts
        FROM (SELECT * FROM gpu_sample WHERE {Filter} AND ($4::text IS NULL OR gpu_uuid = $4)) s JOIN gpu g USING (gpu_uuid)
        ORDER BY s.node_id, g.index, s.gpu_uuid, s.sampled_at
        """;

    private const string BinnedGpus = $"""
        SELECT s.node_id, s.gpu_uuid, g.name, s.at, s.utilization, s.memory, s.temperature, s.power
        FROM (SELECT node_id, gpu_uuid, date_bin($5, sampled_at, $6) AS at, avg(utilization_percent) AS utilization,
                avg(memory_used_bytes)::float8 AS memory, avg(temperature_celsius) AS temperature, avg(power_watts) AS power
            FROM gpu_sample WHERE {Filter} AND ($4::text IS NULL OR gpu_uuid = $4) GROUP BY node_id, gpu_uuid, at) s JOIN gpu g USING (gpu_uuid)
        ORDER BY s.node_id, g.index, s.gpu_uuid, s.at
        """;

    private const string RawHosts = $"""
        SELECT node_id, sampled_at, cpu_percent, memory_used_bytes::float8 FROM host_sample WHERE {Filter} ORDER BY node_id, sampled_at
        """;

    private const string BinnedHosts = $"""
        SELECT node_id, date_bin($5, sampled_at, $6) AS at, avg(cpu_percent), avg(memory_used_bytes)::float8
        FROM host_sample WHERE {Filter} AND $4::text IS NULL GROUP BY node_id, at ORDER BY node_id, at
        """;

    public async Task<HistoricalSeries> ReadAsync(HistoricalRange range, CancellationToken cancellation)
    {
        var to = time.GetUtcNow();
        var from = to - range.Length;
        await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
        var width = await WidthAsync(connection, range, from, to, cancellation);
        if (!width.IsRaw)
            from = from.AddTicks(-((from - Grid).Ticks % width.Step.Ticks));
        var gpus = await GpusAsync(Command(connection, width.IsRaw ? RawGpus : BinnedGpus, range, from, to, width), cancellation);
        // A question about one GPU is not a question about hosts.
        var hosts = range.GpuUuid is null
            ? await HostsAsync(Command(connection, width.IsRaw ? RawHosts : BinnedHosts, range, from, to, width), cancellation)
            : [];
        var series = new HistoricalSeries { From = from, To = to, StepSeconds = width.Step.TotalSeconds, Gpus = gpus, Hosts = hosts };
        return range.Details ? await DetailSeries.AddToAsync(series, connection, range, width, cancellation) : series;
    }

    private static async Task<StepWidth> WidthAsync(
        NpgsqlConnection connection, HistoricalRange range, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = Command(connection, Cadences, range, from, to, null);
        return await WidthAsync(command, range, cancellation);
    }

    internal static async Task<StepWidth> WidthAsync(NpgsqlCommand command, HistoricalRange range, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return StepWidth.For(range.Length,
            await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetTimeSpan(0),
            await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetTimeSpan(1));
    }

    internal static NpgsqlCommand Command(
        NpgsqlConnection connection, string sql, HistoricalRange range, DateTimeOffset from, DateTimeOffset to, StepWidth? width)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = from, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = to, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = (object?)range.NodeId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (sql != RawHosts)
            command.Parameters.Add(new() { Value = (object?)range.GpuUuid ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (width is { IsRaw: false } binned)
        {
            command.Parameters.Add(new() { Value = binned.Step, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Interval });
            // Steps lie on a fixed grid: the same reading falls into the same step whenever it is asked for.
            command.Parameters.Add(new() { Value = Grid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        }

        return command;
    }

    private static async Task<List<GpuSeries>> GpusAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var series = new List<GpuSeries>();
        List<GpuPoint> points = [];
        while (await reader.ReadAsync(cancellation))
        {
            var (node, uuid) = (reader.GetString(0), reader.GetString(1));
            if (series.Count == 0 || series[^1].Uuid != uuid || series[^1].NodeId != node)
                series.Add(new GpuSeries { NodeId = node, Uuid = uuid, Name = reader.GetString(2), Points = points = [] });
            points.Add(new GpuPoint
            {
                At = reader.GetFieldValue<DateTimeOffset>(3),
                UtilizationPercent = Number(reader, 4),
                MemoryUsedBytes = Number(reader, 5),
                TemperatureCelsius = Number(reader, 6),
                PowerWatts = Number(reader, 7),
            });
        }

        return series;
    }

    private static async Task<List<HostSeries>> HostsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var series = new List<HostSeries>();
        List<HostPoint> points = [];
        while (await reader.ReadAsync(cancellation))
        {
            var node = reader.GetString(0);
            if (series.Count == 0 || series[^1].NodeId != node)
                series.Add(new HostSeries { NodeId = node, Points = points = [] });
            points.Add(new HostPoint { At = reader.GetFieldValue<DateTimeOffset>(1), CpuPercent = Number(reader, 2), MemoryUsedBytes = Number(reader, 3) });
        }

        return series;
    }

    internal static double? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
}
