using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests;

/// <summary>The collector without anything around it, as <c>dotnet run --project services/GpuPlatform.Collector</c> starts it.</summary>
public sealed partial class CollectorAloneTests : IDisposable
{
    static readonly string ProjectPath = new Projects.GpuPlatform_Collector().ProjectPath;
    readonly string _state = Directory.CreateTempSubdirectory("gpuplatform-alone-").FullName;

    [Fact]
    public async Task It_serves_health_metrics_and_devices_without_a_broker_and_says_so_once()
    {
        await using var collector = Start(new() { ["ConnectionStrings__messaging"] = null });
        using var client = await ConnectAsync(collector);

        Assert.Contains("\"devices\"", await client.GetStringAsync(new Uri(Routes.GpuDevices, UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("# TYPE", await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Single(collector.Lines, line => line.Contains("ConnectionStrings:messaging", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_address_of_its_index_answers_with_the_sets_that_are_switched_on()
    {
        await using var collector = Start(new() { ["ConnectionStrings__messaging"] = null, ["Gpu__Source"] = "simulated", ["Metrics__Dcgm"] = "true" });
        using var client = await ConnectAsync(collector);

        var index = JsonElement.Parse(await client.GetStringAsync(new Uri("/", UriKind.Relative)));
        foreach (var link in index.GetProperty("links").EnumerateArray().Select(link => link.GetString()!))
        {
            using var answer = await client.GetAsync(new Uri(link, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, $"{link}: {(int)answer.StatusCode}");
        }
        Assert.True(JsonElement.Parse(await client.GetStringAsync(new Uri($"{Routes.GpuProcesses}?fresh=true", UriKind.Relative))).GetProperty("count").GetInt32() > 0);
        var page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.NotNull(Prometheus.Read(page, "gpumon_gpu_utilization_percent"));
        Assert.NotNull(Prometheus.Read(page, "DCGM_FI_DEV_GPU_TEMP"));
        Assert.DoesNotContain("hw_gpu", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_of_the_invented_desktop_leaves_a_gpu_that_is_given_away_and_comes_back()
    {
        await using var collector = Start(new() { ["ConnectionStrings__messaging"] = null, ["Gpu__Source"] = "simulated", ["Guard__Enabled"] = "false" });
        using var client = await ConnectAsync(collector);
        await Eventually.Holds("the model is there", async () => (await ProcessesAsync(client)).Contains("ollama", StringComparison.Ordinal));

        await ChooseAsync(client, Routes.GuardYield);
        await Eventually.Holds("the GPUs are yielded", async () => Count(await client.GetStringAsync(new Uri(Routes.Guard, UriKind.Relative)), "\"yielded\"") == 2);
        Assert.DoesNotContain("ollama", await ProcessesAsync(client), StringComparison.Ordinal);

        await ChooseAsync(client, Routes.GuardResume);
        await Eventually.Holds("the model is back", async () => (await ProcessesAsync(client)).Contains("ollama", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_logged_once_and_not_for_every_sample()
    {
        await using var collector = Start(new()
        {
            // Port 1 is never listened on: every attempt is refused at once.
            ["ConnectionStrings__messaging"] = "amqp://guest:guest@127.0.0.1:1",
            ["Gpu__Source"] = "simulated",
            ["Sampling__Interval"] = "00:00:00.200",
        });
        using var client = await ConnectAsync(collector);

        await Eventually.Holds("20 messages wait in the queue", async () => await QueuedAsync(client) >= 20);

        Assert.Single(collector.Lines, line => line.Contains("broker", StringComparison.OrdinalIgnoreCase) && line.Contains("127.0.0.1", StringComparison.Ordinal));
        Assert.InRange(collector.Lines.Count, 1, 60);
    }

    [Fact]
    public async Task A_bad_setting_stops_it_with_the_key_and_the_accepted_values()
    {
        await using var collector = Start(new() { ["Gpu__Source"] = "nvlm" });

        Assert.Equal(1, await collector.ExitCodeAsync());
        Assert.Contains("Gpu:Source", collector.Output, StringComparison.Ordinal);
        Assert.Contains("simulated", collector.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", collector.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_the_settings_is_said_in_one_start()
    {
        using var settings = new SettingsFolders();
        settings.Write("system/a.json", "{\n  \"Samplig\": { \"Interval\": \"00:00:05\" },\n  \"Sampling\": { \"Interval\": \"soon\" }\n}");
        settings.Write("system/b.json", "{\n  \"Node\": {,}\n}");
        settings.Write("user/gpuplatform/a.json", """{ "Gpu": { "Source": "nvlm" } }""");
        await using var collector = Start(settings.Variables(("GPUPLATFORM_Node__Id", "a/b"), ("ConnectionStrings__messaging", "http://u:hidden@h")), "--frob=1");

        Assert.Equal(1, await collector.ExitCodeAsync());
        Assert.All(
            [
                "Samplig:Interval is unknown; did you mean Sampling:Interval?", "system/a.json:2", "Sampling:Interval is 'soon'", "system/b.json line 2 column 12",
                "Gpu:Source is 'nvlm'", "user/gpuplatform/a.json:1", "Node:Id is 'a/b'", "(GPUPLATFORM_Node__Id)", "ConnectionStrings:messaging", "frob is unknown",
            ],
            part => Assert.Contains(part, collector.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", collector.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", collector.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_shows_the_settings_in_force_without_their_secrets_and_starts_nothing()
    {
        using var settings = new SettingsFolders();
        settings.Write("system/a.json", """{ "Profile": "server", "Node": { "Id": "system" } }""");
        settings.Write("user/gpuplatform/a.json", """{ "Node": { "Id": "user" } }""");
        await using var collector = Start(settings.Variables(("ConnectionStrings__messaging", "amqp://u:hidden@h")), "--print-config");

        Assert.Equal(0, await collector.ExitCodeAsync());
        Assert.Matches(@"Node:Id +user +\S+user/gpuplatform/a.json:1", collector.Output);
        Assert.Matches("Sampling:Interval +00:00:05 +profile server", collector.Output);
        Assert.Matches(@"ConnectionStrings:messaging +amqp://u:\*\*\*@h +ConnectionStrings__messaging", collector.Output);
        Assert.DoesNotContain("Now listening", collector.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    ChildProcess Start(Dictionary<string, string?> environment, params string[] arguments)
    {
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = null;
        environment["GPUPLATFORM_DATA"] = _state;
        return new ChildProcess(["dotnet", "run", "--project", ProjectPath, "--no-build", "--no-launch-profile", "--", .. arguments], environment);
    }

    static async Task<HttpClient> ConnectAsync(ChildProcess collector)
    {
        var address = await Eventually.Get("the collector listens", () =>
            Task.FromResult(collector.Lines.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value));
        var client = new HttpClient { BaseAddress = new Uri(address) };
        await Eventually.Holds("the collector is healthy", async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
        return client;
    }

    static Task<string> ProcessesAsync(HttpClient client) => client.GetStringAsync(new Uri($"{Routes.GpuProcesses}?fresh=true", UriKind.Relative));

    static async Task ChooseAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { reason = "a test" });
        answer.EnsureSuccessStatusCode();
    }

    static int Count(string text, string part) => text.Split(part).Length - 1;

    static async Task<double> QueuedAsync(HttpClient client) =>
        Prometheus.Read(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), "gpuplatform_uplink_queued") ?? 0;

    /// <summary>The system's and the user's folder of settings.</summary>
    sealed class SettingsFolders : IDisposable
    {
        readonly string _root = Directory.CreateTempSubdirectory("gpuplatform-settings-").FullName;

        public Dictionary<string, string?> Variables(params (string Name, string Value)[] more) => new(more.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)))
        {
            ["GPUPLATFORM_CONFIG"] = Path.Combine(_root, "system"),
            ["XDG_CONFIG_HOME"] = Path.Combine(_root, "user"),
        };

        public void Write(string path, string json)
        {
            var file = Path.Combine(_root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, json);
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
