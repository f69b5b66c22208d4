using System.Diagnostics;
using GpuPlatform.Contracts;
using GpuPlatform.History;
using GpuPlatform.History.Queries;
using GpuPlatform.History.Storage;
using Microsoft.EntityFrameworkCore;

namespace GpuPlatform.Benchmarks;

/// <summary>What a day of ten million tokens takes on disk, stored message by message as in a real run, and what questions over a million requests take.</summary>
internal static class LlmStorage
{
    private const long TokensPerDay = 10_000_000;
    private const double MostBytesPerDay = 10e6;
    private const int AtOnce = 8;
    private const int ManyRequests = 1_000_000;
    private static readonly DateTimeOffset Midnight = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        await DayAsync("1,250 tokens a request (1,000 prompt + 250 completion)", 1000, 250, MostBytesPerDay, thenAsk: false);
        await DayAsync("250 tokens a request (200 prompt + 50 completion)", 200, 50, MostBytesPerDay, thenAsk: false);
        await DayAsync("100 tokens a request (80 prompt + 20 completion), beyond the bound", 80, 20, double.PositiveInfinity, thenAsk: true);
    }

    private static async Task DayAsync(string title, int prompt, int completion, double mostBytes, bool thenAsk)
    {
        var (servers, connectionString) = await LocalServers.PostgresAsync();
        await using var _ = servers;
        var options = new HistoryOptions();
        // The size does not depend on when a commit reaches the disk; the time of this benchmark does
        await using var databases = Databases.Open($"{connectionString};Options=-c synchronous_commit=off", TimeSpan.FromMinutes(5), options.IngestConcurrency);
        await using (var context = new HistoryContext(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(databases.Queries).Options))
            await context.Database.MigrateAsync();
        var before = await BytesAsync(databases);
        var requests = (int)(TokensPerDay / (prompt + completion));
        var store = new LlmStore(databases);
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
            await store.SaveAsync(Request(i, requests, prompt, completion), cancellation));
        for (var i = 0; i < 200; i++)
            await store.SaveAsync(Residency(i), CancellationToken.None);

        var bytes = await BytesAsync(databases) - before;
        var stored = (long)(await ScalarAsync(databases, "SELECT count(*) FROM llm_request"))!;
        if (stored != requests)
            throw new InvalidOperationException($"{stored} of {requests} requests were stored");
        Console.WriteLine($"llm-storage, {title}: {requests:N0} requests, {bytes / 1e6:0.00} MB, {bytes / (double)requests:0} bytes each with indexes and words");
        if (bytes > mostBytes)
            throw new InvalidOperationException($"a day takes {bytes:N0} bytes, more than {mostBytes:N0}");
        if (thenAsk)
            await AskAsync(databases, requests);
    }

    /// <summary>Copies the day into the days before it until there are a million.</summary>
    private static async Task AskAsync(Databases databases, int stored)
    {
        var days = ManyRequests / stored;
        await ScalarAsync(databases, $"""
            INSERT INTO llm_request SELECT gen_random_uuid(), started_at - day * interval '1 day', process_started_at, request_bytes, response_bytes, trait_id,
                pid, prompt_tokens, cached_tokens, completion_tokens, duration_ms * (0.5 + random()), time_to_first_token_ms * (0.5 + random()),
                time_to_first_visible_token_ms, time_per_output_token_ms * (0.5 + random()), inter_token_p50_ms, inter_token_p95_ms, inter_token_p99_ms,
                load_ms, queue_ms, prefill_ms, decode_ms, energy_joules, idle_energy_joules, trace_id, error
            FROM llm_request, generate_series(1, {days - 1}) AS day
            """);
        await ScalarAsync(databases, "VACUUM ANALYZE llm_request");
        var all = new LlmFilter { From = Midnight.AddDays(1 - days), To = Midnight.AddDays(1) };
        using var usage = new LlmUsageStore(databases);
        var sessions = new LlmSessionStore(databases);
        await TimeAsync($"usage of {days} days", () => usage.ReadAsync(all, CancellationToken.None));
        await TimeAsync("usage of 1 day", () => usage.ReadAsync(all with { From = Midnight }, CancellationToken.None));
        await TimeAsync("usage of one model, all days", () => usage.ReadAsync(all with { Model = "llama3.2:3b" }, CancellationToken.None));
        foreach (var sort in LlmSort.All)
        {
            var query = new LlmSessionQuery { Filter = all, SortBy = sort, IsDescending = true, PageSize = 100 };
            await TimeAsync($"100 requests by {sort.Name}, all days", () => sessions.ReadAsync(query, CancellationToken.None));
        }
    }

    private static async Task TimeAsync(string what, Func<Task> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Console.WriteLine($"llm-storage, {ManyRequests:N0} requests, {what}: {times.Order().ElementAt(times.Count / 2):N0} ms");
    }

    /// <summary>A house with two model servers, four models, six clients that start anew every hour, and one request in twenty that fails. All values are there.</summary>
    private static LlmRequestCompleted Request(int index, int count, int prompt, int completion)
    {
        var random = new Random(index);
        string[] models = ["llama3.2:3b", "qwen3:14b", "gpt-oss:20b", "nomic-embed-text:v1.5"];
        string[] clients = ["open-webui", "alice", "python3", "continue", "home-assistant", "ollama"];
        var (at, client) = (Midnight.AddMilliseconds(Math.Floor(86_400_000d * index / count)), clients[random.Next(clients.Length)]);
        var failed = random.Next(20) == 0;
        double Ms(double most) => Math.Round(random.NextDouble() * most, 3);
        return new LlmRequestCompleted
        {
            NodeId = random.Next(2) == 0 ? "desk" : "server", RequestId = Guid.CreateVersion7(at), StartedAt = at, DurationMs = Ms(20_000), Server = "ollama",
            Endpoint = random.Next(2) == 0 ? "/api/chat" : "/v1/chat/completions", Api = LlmApi.Ollama, Operation = "chat", Model = models[random.Next(models.Length)],
            Client = new LlmClient
            {
                Name = client, Source = LlmClientSource.Agent, UserAgent = $"{client}/1.2.3 (linux; x86_64)", Address = "127.0.0.1", Pid = 1000 + random.Next(9000),
                ProcessStartedAt = Midnight.AddHours(at.Hour), ProcessName = client,
            },
            Streaming = random.Next(4) > 0, Outcome = failed ? LlmOutcome.Failed : LlmOutcome.Ok, StatusCode = failed ? 500 : 200,
            Error = failed ? "llama runner process has terminated: exit status 2" : null, FinishReason = failed ? null : random.Next(5) > 0 ? "stop" : "length",
            PromptTokens = prompt, CachedTokens = prompt / 4, CompletionTokens = completion, TimeToFirstTokenMs = Ms(2000), TimeToFirstVisibleTokenMs = Ms(3000),
            TimePerOutputTokenMs = Ms(50), InterTokenP50Ms = Ms(30), InterTokenP95Ms = Ms(60), InterTokenP99Ms = Ms(100), LoadMs = Ms(5000), QueueMs = Ms(50),
            PrefillMs = Ms(500), DecodeMs = Ms(15_000), RequestBytes = 4000 + random.Next(4000), ResponseBytes = 30_000, EnergyJoules = Ms(2000), IdleEnergyJoules = Ms(200),
            GpuUuids = ["GPU-6f0b2d34-3a5c-4b6e-9d1c-0a1b2c3d4e5f"], TraceId = Guid.NewGuid().ToString("N"),
        };
    }

    private static ModelResidencyChanged Residency(int index) => new()
    {
        NodeId = "desk", Server = "ollama", Model = "llama3.2:3b", ChangedAt = Midnight.AddMinutes(7 * index), SizeBytes = 3L << 30, VramBytes = 3L << 30,
        Change = index % 2 == 0 ? ResidencyChange.Loaded : ResidencyChange.Unloaded, ContextLength = 8192, LoadMs = 1234.5,
    };

    private static async Task<long> BytesAsync(Databases databases) => (long)(await ScalarAsync(databases, """
        SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest(ARRAY['llm_request', 'llm_trait', 'llm_content', 'model_residency']) AS name
        """))!;

    private static async Task<object?> ScalarAsync(Databases databases, string sql)
    {
        await using var command = databases.Queries.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
