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

        await Eventually.Holds("the collector has stopped", () => collector.HasExited);

        Assert.Contains("Gpu:Source", collector.Output, StringComparison.Ordinal);
        Assert.Contains("simulated", collector.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", collector.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    ChildProcess Start(Dictionary<string, string?> environment)
    {
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = null;
        environment["GPUPLATFORM_DATA"] = _state;
        return new ChildProcess(["dotnet", "run", "--project", ProjectPath, "--no-build", "--no-launch-profile"], environment);
    }

    static async Task<HttpClient> ConnectAsync(ChildProcess collector)
    {
        var address = await Eventually.Get("the collector listens", () =>
            Task.FromResult(collector.Lines.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value));
        var client = new HttpClient { BaseAddress = new Uri(address) };
        await Eventually.Holds("the collector is healthy", async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
        return client;
    }

    static async Task<double> QueuedAsync(HttpClient client) =>
        Prometheus.Read(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), "gpuplatform_uplink_queued") ?? 0;

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
