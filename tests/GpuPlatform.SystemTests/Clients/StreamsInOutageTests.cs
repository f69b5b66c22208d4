using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GpuPlatform.Contracts;
using Npgsql;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>Broker, database and History are killed: no stream may notice, and no record may be missing when they are back.</summary>
[Collection(nameof(RunningSystem))]
public sealed class StreamsInOutageTests(RunningSystem system)
{
    const int Requests = 12;
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Streams_go_on_without_broker_database_and_history_and_every_record_arrives_afterwards()
    {
        system.Ollama.StandingClock = null;
        system.Ollama.Restart(ScriptedModels.All);
        var startedAt = DateTimeOffset.UtcNow;
        await KillAsync();
        for (var request = 0; request < Requests; request++) await StreamAsync();
        var records = await RecordedRequests.SinceAsync(system, startedAt, Requests);

        foreach (var resource in (string[])["postgres", "messaging", "history"])
        {
            await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand);
            await system.App.ResourceNotifications.WaitForResourceHealthyAsync(resource);
        }

        Assert.Equal(Requests, records.Count);
        await Eventually.Holds("every record is in History", async () => records.Select(record => record.RequestId).ToHashSet().IsSubsetOf(await StoredAsync(startedAt)));
        foreach (var resource in (string[])["collector", "classifier", "history", "web"])
        {
            using var client = system.App.CreateHttpClient(resource);
            await Eventually.Holds($"{resource} is healthy", async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
        }
    }

    async Task KillAsync()
    {
        var broker = new Uri((await system.App.GetConnectionStringAsync("messaging"))!).Port;
        var database = new NpgsqlConnectionStringBuilder(await system.App.GetConnectionStringAsync("history-db")).Port;
        foreach (var port in (int[])[broker, database, system.App.GetEndpoint("history", "http").Port])
        {
            Processes.Signal("KILL", Processes.ListeningOn(port) ?? throw new InvalidOperationException($"nobody listens on {port}"));
        }

        await system.App.ResourceNotifications.WaitForResourceAsync("history", KnownResourceStates.Exited);
    }

    async Task StreamAsync()
    {
        using var client = new HttpClient { BaseAddress = system.Proxy };
        using var question = new StringContent("""{"model":"paced","messages":[{"role":"user","content":"go"}]}""", Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync("/api/chat", question, TestContext.Current.CancellationToken);
        var lines = (await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ScriptedModels.Paced.Reply.Pieces!.Count + 1, lines.Length);
        Assert.Contains("\"done\":true", lines[^1], StringComparison.Ordinal);
    }

    async Task<HashSet<Guid>> StoredAsync(DateTimeOffset since)
    {
        using var client = system.App.CreateHttpClient("history");
        var range = $"?start_date={Uri.EscapeDataString(since.AddMinutes(-1).ToString("O"))}&end_date={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(1).ToString("O"))}";
        var page = await client.GetFromJsonAsync<LlmSessionPage>(Routes.LlmSessions + range, Json);
        return [.. page!.Sessions.Select(session => session.RequestId)];
    }
}
