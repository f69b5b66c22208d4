using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using GpuPlatform.Contracts;
using Npgsql;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>A History on a database that an earlier release has left behind, with what is in it.</summary>
[Collection(nameof(RunningSystem))]
public sealed class UpgradeTests(RunningSystem system) : IAsyncLifetime
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    readonly string _name = $"upgrade_{Guid.NewGuid():n}";
    NpgsqlConnectionStringBuilder? _address;
    NpgsqlDataSource? _database;

    public async ValueTask InitializeAsync()
    {
        _address = new NpgsqlConnectionStringBuilder(await system.App.GetConnectionStringAsync("history-db"));
        await OnServerAsync($"CREATE DATABASE {_name}");
        _address.Database = _name;
        _database = NpgsqlDataSource.Create(_address);
        await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Ingest", "release-before-guard.sql")));
    }

    public async ValueTask DisposeAsync()
    {
        await _database!.DisposeAsync();
        await OnServerAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    [Fact]
    public async Task What_an_earlier_release_stored_is_kept_and_answered_as_if_it_were_new()
    {
        await ExecuteAsync("""
            INSERT INTO node (node_id, last_seen_at, collector_version, gpu_source, messages_queued, messages_dropped) VALUES ('old', now(), '0.9', 'nvml', 0, 0);
            INSERT INTO host_sample (node_id, sampled_at) SELECT node_id, last_seen_at FROM node;
            INSERT INTO gpu (gpu_uuid, node_id, index, name, first_seen_at, last_seen_at) VALUES ('GPU-old', 'old', 0, 'RTX', now() - interval '1 day', now());
            INSERT INTO gpu_process (node_id, pid, started_at, gpu_uuid, name, first_seen_at, last_seen_at, ended_at, peak_memory_used_bytes) VALUES
                ('old', 1, now() - interval '3 hours', 'GPU-old', 'doom', now() - interval '3 hours', now() - interval '1 hour', now() - interval '1 hour', 1073741824),
                ('old', 2, now() - interval '3 hours', 'GPU-old', 'nobody', now() - interval '3 hours', now() - interval '1 hour', now() - interval '1 hour', null);
            INSERT INTO process_verdict (node_id, pid, started_at, kind, confidence, rule, reason, observed_at)
                SELECT node_id, pid, started_at, 'gaming', 0.9, 'gaming/known', 'a game', first_seen_at FROM gpu_process WHERE pid = 1;
            INSERT INTO llm_trait (key, used_at, node_id, server, endpoint, api, operation, client, client_source, is_streaming, is_remote, is_load_only, outcome, is_estimated, is_unparsed, gpu_uuids)
                VALUES (gen_random_uuid(), now(), 'old', 'ollama', '/api/chat', 'ollama', 'chat', 'me', 'user', false, false, false, 'ok', false, false, '{}');
            INSERT INTO llm_request (request_id, started_at, request_bytes, response_bytes, trait_id, duration_ms)
                SELECT gen_random_uuid(), now() - interval '1 hour', 1, 1, id, 5 FROM llm_trait;
            """);

        await using var history = await StartAsync([]);

        var sessions = (await history.GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?node=old")).Sessions.ToDictionary(session => session.Pid);
        Assert.Equal(("doom", WorkloadKind.Gaming, 1L << 30), (sessions[1].Name, sessions[1].Kind, sessions[1].MemoryPeakBytes));
        Assert.Equal([WorkloadKind.Gaming], sessions[1].Kinds.Select(change => change.Kind));
        // Nothing was measured of it then: that is not nothing used
        Assert.Equal((0, null, null), (sessions[1].MeasuredSeconds, sessions[1].SmSeconds, sessions[1].EnergyJoules));
        Assert.Equal(((WorkloadKind?)null, 0), (sessions[2].Kind, sessions[2].Kinds.Count));
        var request = Assert.Single((await history.GetAsync<LlmSessionPage>($"{Routes.LlmSessions}?node=old")).Sessions);
        Assert.Equal((5, null), (request.DurationMs, request.HeldMs));
        Assert.Empty((await history.GetAsync<GuardEventPage>(Routes.GuardEvents)).Events);
        Assert.Empty((await history.GetAsync<KindUsage>(Routes.KindUsage)).Hours);
        var node = await Eventually.Get("what was known is shown", async () => (await history.GetAsync<RealtimeSnapshot>(Routes.Realtime)).Nodes is [var only] ? only : null);
        Assert.Equal("old", node.NodeId);
    }

    [Fact]
    public async Task What_is_older_than_it_is_to_be_kept_goes_and_the_rest_stays()
    {
        await (await StartAsync([])).DisposeAsync();
        // Of each table a row of eleven days ago and one of nine; of a process that is still there an old verdict, too
        await ExecuteAsync("""
            INSERT INTO guard_event (node_id, gpu_uuid, changed_at, hand_over_id, from_state, to_state, throttle, cause, reason, cancelled_count, held_count, models)
                SELECT 'n', 'g', now() - days * interval '1 day', gen_random_uuid(), 'serving', 'draining', 'none', 'manual', '', 0, 0, '{}' FROM unnest(ARRAY[9, 11]) days;
            INSERT INTO process_hour (node_id, pid, started_at, gpu_uuid, hour, first_at, last_at, measured_ms, memory_ms, memory_kib_ms, sm_ms, sm_us, encoder_ms, encoder_us, energy_ms, energy_millijoules)
                SELECT 'n', days, now() - interval '12 days', 'g', at, at, at, 1, 0, 0, 0, 0, 0, 0, 0, 0 FROM (SELECT days, now() - days * interval '1 day' AS at FROM unnest(ARRAY[9, 11]) days) d;
            INSERT INTO gpu_process (node_id, pid, started_at, gpu_uuid, first_seen_at, last_seen_at)
                SELECT node_id, pid, started_at, gpu_uuid, started_at, hour FROM process_hour;
            INSERT INTO process_kind (node_id, pid, started_at, observed_at, kind, confidence, rule)
                SELECT node_id, pid, started_at, started_at, 'gaming', 1, 'r' FROM process_hour;
            INSERT INTO process_verdict (node_id, pid, started_at, kind, confidence, rule, reason, observed_at)
                SELECT node_id, pid, started_at, 'gaming', 1, 'r', '', started_at FROM process_hour;
            """);

        await using var history = await StartAsync(new() { ["History__GuardRetention"] = "10.00:00:00", ["History__ProcessRetention"] = "10.00:00:00" });
        await Eventually.Holds("the old rows are gone", async () => await CountAsync("process_verdict") == 1);

        foreach (var table in (string[])["guard_event", "process_hour", "gpu_process", "process_kind"])
        {
            Assert.Equal((table, 1), (table, await CountAsync(table)));
            Assert.Equal((table, 1), (table, Prometheus.Read(await history.TextAsync("/metrics"), "gpuplatform_history_rows_expired_total", $"table=\"{table}\"")));
        }

        Assert.Equal(9, await NumberAsync("SELECT pid FROM gpu_process"));
    }

    async Task<HistoryProcess> StartAsync(Dictionary<string, string?> settings)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://{free.LocalEndpoint}");
        free.Stop();
        var history = new HistoryProcess(new ChildProcess(
            ["dotnet", "run", "--project", new Projects.GpuPlatform_History().ProjectPath, "--no-build", "--no-launch-profile"],
            new Dictionary<string, string?>(settings)
            {
                ["ConnectionStrings__history"] = _address!.ConnectionString,
                // The messages are for the History that runs: nobody listens there
                ["ConnectionStrings__messaging"] = "amqp://guest:guest@127.0.0.1:1",
                ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
            }), address);
        await Eventually.Holds("History answers from the database", async () => (await history.TextAsync(Routes.ProcessSessions)).Length > 0);
        return history;
    }

    async Task OnServerAsync(string sql)
    {
        await using var server = await system.OpenDatabaseAsync();
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database!.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    Task<long> CountAsync(string table) => NumberAsync($"SELECT count(*) FROM {table}");

    async Task<long> NumberAsync(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    sealed class HistoryProcess(ChildProcess process, Uri address) : IAsyncDisposable
    {
        readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

        public async Task<T> GetAsync<T>(string path) => (await _http.GetFromJsonAsync<T>(path, Json))!;

        public Task<string> TextAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

        public ValueTask DisposeAsync()
        {
            _http.Dispose();
            return process.DisposeAsync();
        }
    }
}
