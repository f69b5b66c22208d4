using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Guard;

/// <summary>A host of its own in the running system: a collector with its guard on, simulated GPUs on which real processes are, and an Ollama with real runners.</summary>
internal sealed class GuardedNode : IAsyncDisposable
{
    public const string Model = "talker:latest";

    const string Gpu = "GPU-51m00000-0000-4000-8000-000000000000";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    static readonly JsonSerializerOptions HistoryJson = new(JsonSerializerDefaults.Web);

    readonly string _folder = Directory.CreateTempSubdirectory("gpuplatform-guard-").FullName;
    readonly RunnerHouse _runners = new(_ => "0:5000:compute:40");
    readonly Dictionary<string, string?> _settings;
    readonly RunningSystem _system;
    ChildProcess? _collector;

    GuardedNode(RunningSystem system, OllamaDouble ollama, Dictionary<string, string?> settings) => (_system, Ollama, _settings) = (system, ollama, settings);

    public string Id { get; } = $"guarded-{Guid.NewGuid():n}"[..16];

    public OllamaDouble Ollama { get; }

    public HttpClient Api { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}") };

    /// <summary>The way to the models, through the proxy.</summary>
    public HttpClient Models { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromMinutes(3) };

    public string Output => _collector!.Output;

    public static async Task<GuardedNode> StartAsync(RunningSystem system, params (string Key, string Value)[] settings)
    {
        var node = new GuardedNode(system, await OllamaDouble.StartAsync(), settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        node.Ollama.Models.Runners = node._runners;
        node.Ollama.Restart(new OllamaModel(Model) { Reply = new() { Pieces = [.. Enumerable.Range(0, 2000).Select(number => $" {number}")], TokensPerSecond = 20 } });
        await node.StartCollectorAsync();
        return node;
    }

    public async Task StartCollectorAsync()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = Api.BaseAddress!.GetLeftPart(UriPartial.Authority),
            ["ConnectionStrings__messaging"] = await _system.App.GetConnectionStringAsync("messaging"),
            ["GPUPLATFORM_DATA"] = _folder,
            ["Node__Id"] = Id,
            ["Gpu__Source"] = "simulated",
            ["Gpu__Simulated__Scene"] = "marked",
            ["Ollama__Listen"] = Models.BaseAddress!.GetLeftPart(UriPartial.Authority),
            ["Ollama__Upstream"] = Ollama.Address.GetLeftPart(UriPartial.Authority),
            // Simulated GPUs are taken for a real server's only by whoever says so
            ["Ollama__Gpus"] = Gpu,
            ["Guard__Enabled"] = "true",
            ["Guard__EndDebounce"] = "00:00:02",
            ["Guard__DrainFor"] = "00:00:01",
            ["OTEL_SERVICE_NAME"] = "guarded-collector",
        };
        foreach (var (key, value) in _settings) environment[key] = value;
        _collector = new ChildProcess(
            ["dotnet", "run", "--project", new Projects.GpuPlatform_Collector().ProjectPath, "--no-build", "--no-launch-profile"], environment);
        await Eventually.Holds("the guarded collector is healthy", async () => (await Api.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
    }

    /// <summary>Ends the collector as a power cut does.</summary>
    public async Task KillCollectorAsync()
    {
        Processes.Signal("KILL", Processes.ListeningOn(Api.BaseAddress!.Port)!.Value);
        await _collector!.ExitCodeAsync();
        await _collector.DisposeAsync();
    }

    /// <summary>The first GPU, as soon as it is listed: a collector is healthy before it has looked.</summary>
    public Task<GuardGpu> GpuAsync() => Eventually.Get("the GPU is listed", async () => (await GuardAsync()).Gpus is [var gpu, ..] ? gpu : null);

    public async Task<GuardReport> GuardAsync() => (await Api.GetFromJsonAsync<GuardReport>(Routes.Guard, Json, TestContext.Current.CancellationToken))!;

    public Task<GuardGpu> IsAsync(GuardState state) => Eventually.Get($"the GPU is {state}", async () => await GpuAsync() is { } gpu && gpu.State == state ? gpu : null);

    /// <summary>Begins a long answer, and gives it when its first bytes are there.</summary>
    public async Task<Stream> TalkAsync()
    {
        using var question = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = Question(stream: true) };
        var reply = await Models.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.True(await body.ReadAsync(new byte[64], TestContext.Current.CancellationToken) > 0);
        return body;
    }

    /// <summary>A short question.</summary>
    public Task<HttpResponseMessage> AskAsync() => Models.PostAsync(new Uri("/api/chat", UriKind.Relative), Question(stream: false, limit: 2), TestContext.Current.CancellationToken);

    /// <summary>The steps that History knows of this node, oldest first.</summary>
    public async Task<List<GuardChanged>> StoryAsync()
    {
        using var history = _system.App.CreateHttpClient("history");
        var page = await history.GetFromJsonAsync<GuardEventPage>($"{Routes.GuardEvents}?node={Id}", HistoryJson, TestContext.Current.CancellationToken);
        return [.. page!.Events.OrderBy(step => step.ChangedAt)];
    }

    public async Task<List<ProcessSession>> SessionsAsync()
    {
        using var history = _system.App.CreateHttpClient("history");
        return [.. (await history.GetFromJsonAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?node={Id}", HistoryJson, TestContext.Current.CancellationToken))!.Sessions];
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null) await _collector.DisposeAsync();
        await Ollama.DisposeAsync();
        _runners.Dispose();
        Api.Dispose();
        Models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static StringContent Question(bool stream, int limit = -1) => new(
        JsonSerializer.Serialize(new { model = Model, stream, messages = new[] { new { role = "user", content = "go" } }, options = new { num_predict = limit } }),
        System.Text.Encoding.UTF8, "application/json");

    static int FreePort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }
}
