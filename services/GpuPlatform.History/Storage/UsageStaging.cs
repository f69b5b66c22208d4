namespace GpuPlatform.History.Storage;

/// <summary>
/// Adds a list of processes to what each of them used. A list stands for the time since the one before it; one that comes late takes its part
/// from the one after it, so that the sums are the same in any order. Only readings that are new count: a second delivery adds nothing. Time over a full
/// hour is divided there.
/// </summary>
internal static class UsageStaging
{
    /// <summary>Lists further apart than this say nothing of the time between them. A collector lists once a minute while a game runs.</summary>
    internal const string Longest = "interval '5 minutes'";
    internal static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(5); // the same

    /// <summary>8 TiB: sums of an hour stay within their columns whatever a driver says.</summary>
    private const string MostMemoryBytes = "8796093022208";

    /// <summary>Nothing draws more; a counter that says so is not believed.</summary>
    private const string MostWatts = "100000";

    public const string Table = """
        CREATE TEMP TABLE IF NOT EXISTS staged_new (gpu_uuid text, lists_processes bool) ON COMMIT DELETE ROWS;
        """;

    /// <summary>Kept for an hour, for lists that come late.</summary>
    private const string KeepLists = """
        INSERT INTO process_list (gpu_uuid, sampled_at, pids, starts, memory_bytes, sm_percent, encoder_percent)
        SELECT gpu_uuid, $2, array_agg(pid), array_agg(started_at), array_agg(memory), array_agg(sm), array_agg(encoder)
        FROM (SELECT gpu_uuid, pid, started_at, max(memory_used_bytes) AS memory, max(sm_percent) AS sm, max(encoder_percent) AS encoder
            FROM staged_process JOIN staged_new USING (gpu_uuid) GROUP BY gpu_uuid, pid, started_at) process
        GROUP BY gpu_uuid ON CONFLICT DO NOTHING
        """;

    private const string Spans = $"""
        place AS (
            SELECT gpu_uuid,
                (SELECT max(sampled_at) FROM gpu_sample list WHERE list.gpu_uuid = staged_new.gpu_uuid
                    AND sampled_at < $2 AND sampled_at >= $2 - {Longest} AND list.lists_processes) AS before,
                (SELECT min(sampled_at) FROM gpu_sample list WHERE list.gpu_uuid = staged_new.gpu_uuid
                    AND sampled_at > $2 AND sampled_at <= $2 + {Longest} AND list.lists_processes) AS after
            FROM staged_new WHERE lists_processes
        ), span AS (
            SELECT gpu_uuid, before AS since, $2 AS until, 1 AS sign FROM place
            UNION ALL SELECT gpu_uuid, $2, after, 1 FROM place WHERE after IS NOT NULL
            UNION ALL SELECT gpu_uuid, before, after, -1 FROM place WHERE after - before <= {Longest}
        )
        """;

    // Without a counter, or when it began again: the mean of two readings of the power
    private const string Powered = $"""
        powered AS (
            SELECT span.*, extract(epoch FROM until - since)::float8 AS seconds,
                CASE WHEN fresh.energy_joules >= old.energy_joules THEN (fresh.energy_joules - old.energy_joules) / extract(epoch FROM until - since)::float8
                    ELSE (fresh.power_watts + old.power_watts) / 2 END AS watts
            FROM span JOIN gpu_sample fresh ON fresh.gpu_uuid = span.gpu_uuid AND fresh.sampled_at = until
                LEFT JOIN gpu_sample old ON old.gpu_uuid = span.gpu_uuid AND old.sampled_at = since
        )
        """;

    // Shares of a board add up to 100 % at most: where drivers say more, each gets that much less
    private const string Readings = $"""
        reading AS (
            SELECT powered.gpu_uuid, sign, since, until, date_trunc('hour', until, 'UTC') AS hour, pid, started_at, LEAST(memory, {MostMemoryBytes}) AS memory, sm, encoder,
                CASE WHEN watts <= {MostWatts} THEN watts * sm / GREATEST(100, sum(sm) OVER (PARTITION BY powered.gpu_uuid, since, until, sign)) END AS watts,
                GREATEST(since, started_at) AS begun
            FROM powered JOIN process_list list ON list.gpu_uuid = powered.gpu_uuid AND list.sampled_at = until
                CROSS JOIN LATERAL unnest(pids, starts, memory_bytes, sm_percent, encoder_percent) AS process (pid, started_at, memory, sm, encoder)
        )
        """;

    private static readonly string Undivided = $"""
        part AS (
            SELECT gpu_uuid, sign, pid, started_at, hour, until AS listed_at, memory, memory AS peak, sm, encoder, watts, 0 AS rest_ms,
                CASE WHEN since IS NULL THEN 0 ELSE {Ms("until - begun")} END AS ms
            FROM reading
        )
        """;

    // Only of a process that the list before had already: whether there is a row of that hour must not depend on what comes later
    private static readonly string Divided = $"""
        divided AS (
            SELECT reading.*, since < hour AND EXISTS (SELECT FROM process_list list CROSS JOIN LATERAL unnest(pids, starts) AS process (pid, started_at)
                WHERE list.gpu_uuid = reading.gpu_uuid AND list.sampled_at = since AND process.pid = reading.pid AND process.started_at = reading.started_at) AS is_divided
            FROM reading
        ), part AS (
            SELECT gpu_uuid, sign, pid, started_at, hour, until AS listed_at, memory, memory AS peak, sm, encoder, watts, 0 AS rest_ms,
                CASE WHEN since IS NULL THEN 0 WHEN is_divided THEN {Ms("until - GREATEST(begun, hour)")} ELSE {Ms("until - begun")} END AS ms
            FROM divided
            UNION ALL
            SELECT gpu_uuid, sign, pid, started_at, date_trunc('hour', since, 'UTC'), since, memory, NULL, sm, encoder, watts, {Ms("hour - begun")}, {Ms("hour - begun")}
            FROM divided WHERE is_divided
        )
        """;

    private static readonly string[] Sums =
        ["measured_ms", "memory_ms", "memory_kib_ms", "sm_ms", "sm_us", "encoder_ms", "encoder_us", "energy_ms", "energy_millijoules", "rest_ms"];

    private static readonly string AccrueInHour = Accrue(Undivided), AccrueOverHour = Accrue(Divided);

    /// <summary>What adds the lists of an instant. Most are far from a full hour, and to look for what is to be divided there takes its time.</summary>
    public static string[] StatementsAt(DateTimeOffset instant)
    {
        var inHour = TimeSpan.FromTicks(instant.UtcTicks % TimeSpan.TicksPerHour);
        return [KeepLists, inHour <= LongestSpan || inHour >= TimeSpan.FromHours(1) - LongestSpan ? AccrueOverHour : AccrueInHour];
    }

    private static string Accrue(string parts) => $"""
        WITH {Spans}, {Powered}, {Readings}, {parts}
        INSERT INTO process_hour AS known (node_id, pid, started_at, gpu_uuid, hour, first_at, last_at, peak_memory_bytes, {string.Join(", ", Sums)})
        SELECT $1, pid, started_at, gpu_uuid, hour, min(listed_at), max(listed_at), max(peak),
            sum(sign * ms), {Known("memory")}, {Sum("ms * (memory / 1024)")}, {Known("sm")}, {Sum("round(ms * sm * 10)")},
            {Known("encoder")}, {Sum("round(ms * encoder * 10)")}, {Known("watts")}, {Sum("round(ms * watts)")}, sum(sign * rest_ms)
        FROM part GROUP BY pid, started_at, gpu_uuid, hour ORDER BY pid, started_at, gpu_uuid, hour
        ON CONFLICT (node_id, pid, started_at, gpu_uuid, hour) DO UPDATE SET first_at = LEAST(known.first_at, excluded.first_at),
            last_at = GREATEST(known.last_at, excluded.last_at), peak_memory_bytes = GREATEST(known.peak_memory_bytes, excluded.peak_memory_bytes),
            {string.Join(", ", Sums.Select(column => $"{column} = known.{column} + excluded.{column}"))}
        """;

    private static string Ms(string interval) => $"GREATEST(0, round(1000 * extract(epoch FROM {interval})))::bigint";

    private static string Known(string figure) => $"COALESCE(sum(sign * ms) FILTER (WHERE {figure} IS NOT NULL), 0)";

    private static string Sum(string value) => $"COALESCE(sum(sign * {value}), 0)";
}
