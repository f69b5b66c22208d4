using GpuPlatform.Contracts;
using Npgsql;
using static GpuPlatform.History.Queries.HistoricalStore;

namespace GpuPlatform.History.Queries;

/// <summary>Adds to a range of time what costs more to read and to send: energy, and the details with a step of their own.</summary>
internal static class DetailSeries
{
    // Only where the GPU answered: the difference across readings without a counter is energy, too. One that began again adds nothing.
    private const string Used = $"""
        SELECT node_id, gpu_uuid, sampled_at, energy_joules - lag(energy_joules) OVER (PARTITION BY node_id, gpu_uuid ORDER BY sampled_at) AS joules
        FROM gpu_sample WHERE {Filter} AND ($4::text IS NULL OR gpu_uuid = $4) AND energy_joules IS NOT NULL
        """;

    private const string RawEnergy = $"SELECT node_id, gpu_uuid, sampled_at, joules FROM ({Used}) used WHERE joules >= 0";

    private const string BinnedEnergy = $"""
        SELECT node_id, gpu_uuid, date_bin($5, sampled_at, $6) AS at, sum(joules) FROM ({Used}) used WHERE joules >= 0 GROUP BY node_id, gpu_uuid, at
        """;

    private const string Cadences = $"""
        WITH gaps AS (
            SELECT gpu_uuid, sampled_at - lag(sampled_at) OVER (PARTITION BY gpu_uuid ORDER BY sampled_at) AS gap
            FROM gpu CROSS JOIN LATERAL (SELECT sampled_at FROM gpu_detail
                WHERE gpu_detail.gpu_uuid = gpu.gpu_uuid AND {Filter} ORDER BY sampled_at DESC LIMIT 60) newest
            WHERE $4::text IS NULL OR gpu_uuid = $4
        ), cadence AS (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap FROM gaps WHERE gap IS NOT NULL GROUP BY gpu_uuid
        )
        SELECT min(gap), max(gap) FROM cadence
        """;

    private const string Raw = $"""
        SELECT node_id, gpu_uuid, sampled_at, graphics_clock_megahertz, sm_clock_megahertz, memory_clock_megahertz, fan_speed_percent,
            memory_temperature_celsius, 100.0::float8 * is_power_throttled::int, 100.0::float8 * is_thermal_throttled::int,
            encoder_utilization_percent, decoder_utilization_percent
        FROM gpu_detail WHERE {Filter} AND ($4::text IS NULL OR gpu_uuid = $4) ORDER BY node_id, gpu_uuid, sampled_at
        """;

    private const string Binned = $"""
        SELECT node_id, gpu_uuid, date_bin($5, sampled_at, $6) AS at, avg(graphics_clock_megahertz), avg(sm_clock_megahertz), avg(memory_clock_megahertz),
            avg(fan_speed_percent), avg(memory_temperature_celsius), 100 * avg(is_power_throttled::int)::float8,
            100 * avg(is_thermal_throttled::int)::float8, avg(encoder_utilization_percent), avg(decoder_utilization_percent)
        FROM gpu_detail WHERE {Filter} AND ($4::text IS NULL OR gpu_uuid = $4) GROUP BY node_id, gpu_uuid, at ORDER BY node_id, gpu_uuid, at
        """;

    public static async Task<HistoricalSeries> AddToAsync(
        HistoricalSeries series, NpgsqlConnection connection, HistoricalRange range, StepWidth width, CancellationToken cancellation)
    {
        var energy = await EnergyAsync(
            Command(connection, width.IsRaw ? RawEnergy : BinnedEnergy, range, series.From, series.To, width), cancellation);
        StepWidth detailWidth;
        await using (var cadences = Command(connection, Cadences, range, series.From, series.To, null))
            detailWidth = await WidthAsync(cadences, range, cancellation);
        var details = await DetailsAsync(
            Command(connection, detailWidth.IsRaw ? Raw : Binned, range, series.From, series.To, detailWidth), cancellation);
        return series with
        {
            DetailStepSeconds = detailWidth.Step.TotalSeconds,
            Gpus = [.. series.Gpus.Select(gpu => With(gpu, energy, details.GetValueOrDefault((gpu.NodeId, gpu.Uuid)) ?? []))],
        };
    }

    private static GpuSeries With(GpuSeries gpu, Dictionary<(string, string, DateTimeOffset), double> energy, List<GpuDetailPoint> details)
    {
        GpuPoint[] points =
        [
            .. gpu.Points.Select(point => energy.TryGetValue((gpu.NodeId, gpu.Uuid, point.At), out var joules) ? point with { EnergyJoules = joules } : point),
        ];
        var known = points.Where(point => point.EnergyJoules is not null).ToList();
        return gpu with { Points = points, EnergyJoules = known.Count == 0 ? null : known.Sum(point => point.EnergyJoules), Details = details };
    }

    private static async Task<Dictionary<(string, string, DateTimeOffset), double>> EnergyAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var energy = new Dictionary<(string, string, DateTimeOffset), double>();
        while (await reader.ReadAsync(cancellation))
            energy[(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2))] = reader.GetDouble(3);
        return energy;
    }

    private static async Task<Dictionary<(string, string), List<GpuDetailPoint>>> DetailsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var details = new Dictionary<(string, string), List<GpuDetailPoint>>();
        while (await reader.ReadAsync(cancellation))
        {
            var key = (reader.GetString(0), reader.GetString(1));
            if (!details.TryGetValue(key, out var points))
                details[key] = points = [];
            points.Add(Point(reader));
        }

        return details;
    }

    private static GpuDetailPoint Point(NpgsqlDataReader reader) => new()
    {
        At = reader.GetFieldValue<DateTimeOffset>(2),
        GraphicsClockMegahertz = Number(reader, 3),
        SmClockMegahertz = Number(reader, 4),
        MemoryClockMegahertz = Number(reader, 5),
        FanSpeedPercent = Number(reader, 6),
        MemoryTemperatureCelsius = Number(reader, 7),
        PowerThrottledPercent = Number(reader, 8),
        ThermalThrottledPercent = Number(reader, 9),
        EncoderUtilizationPercent = Number(reader, 10),
        DecoderUtilizationPercent = Number(reader, 11),
    };
}
