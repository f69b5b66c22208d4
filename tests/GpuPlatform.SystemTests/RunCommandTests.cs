using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests;

/// <summary>The README's first command, as a person uses it: start, look, Ctrl-C, start again, pull the plug.</summary>
public sealed class RunCommandTests
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task It_shows_the_dashboard_address_finds_its_data_again_and_leaves_no_process()
    {
        var data = Directory.CreateTempSubdirectory("gpuplatform-run-").FullName;
        // As root the engine runs PostgreSQL as another user, who must be able to pass through.
        File.SetUnixFileMode(data, File.GetUnixFileMode(data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            (DateTimeOffset From, DateTimeOffset To) oldest;
            await using (var first = Start(data))
            {
                using var client = await WaitUntilReadyAsync(first);
                oldest = await OldestReadingAsync(client);
                first.PressCtrlC();
                await Eventually.Holds("Ctrl-C ends the command", () => first.HasExited);
            }

            await Eventually.Holds("Ctrl-C leaves no process", () => Processes.Mentioning(data).Count == 0);

            await using (var second = Start(data))
            {
                using var client = await WaitUntilReadyAsync(second);
                var (from, to) = await OldestReadingAsync(client);
                Assert.True(from <= oldest.To && oldest.From <= to, $"the first run's oldest reading is gone: {oldest} and {(from, to)}");
                Processes.Signal("KILL", Processes.Find(data, "GpuPlatform.AppHost"));
                Processes.Signal("KILL", second.Id);
            }

            await Eventually.Holds("kill -9 leaves no process", () => Processes.Mentioning(data).Count == 0);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    static ChildProcess Start(string data)
    {
        var project = Path.Combine(Projects.GpuPlatform_AppHost.ProjectPath, "GpuPlatform.AppHost.csproj");
        return new ChildProcess(["dotnet", "run", "--project", project, "--no-build", "--", "--demo"], new Dictionary<string, string?>
        {
            ["GPUPLATFORM_DATA"] = Path.Combine(data, "data"),
            // Somebody may be using the product on this machine while its tests run.
            ["AppHost__DefaultLaunchProfileName"] = "free-ports",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
        });
    }

    static async Task<HttpClient> WaitUntilReadyAsync(ChildProcess command)
    {
        await Eventually.Holds("the table of addresses", () => command.HasExited || command.Output.Contains("Everything is healthy", StringComparison.Ordinal), StartTimeout);
        Assert.False(command.HasExited, "the command ended:\n" + command.Output);
        using var page = await new HttpClient().GetAsync(AddressOf("web", command));
        Assert.True(page.IsSuccessStatusCode, $"the dashboard answered {page.StatusCode}");
        var client = new HttpClient { BaseAddress = AddressOf("history", command) };
        return client;
    }

    /// <summary>The address that the table shows for a resource.</summary>
    static Uri AddressOf(string resource, ChildProcess command) => new(command.Lines
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .First(columns => columns is [var name, "healthy", _] && name == resource)[2]);

    /// <summary>When the oldest stored reading was taken: a point is dated by the start of its step, whose width follows from what is stored.</summary>
    static async Task<(DateTimeOffset From, DateTimeOffset To)> OldestReadingAsync(HttpClient history)
    {
        var series = await Eventually.Get("stored readings", async () =>
            await history.GetFromJsonAsync<HistoricalSeries>($"{Routes.Historical}?hours=0.5", Json) is { Gpus: [{ Points.Count: > 0 }, ..] } stored ? stored : null);
        var at = series.Gpus.SelectMany(gpu => gpu.Points).Min(point => point.At);
        return (at, at + TimeSpan.FromSeconds(series.StepSeconds));
    }
}
