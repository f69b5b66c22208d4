using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

/// <summary>One server that is looked after, at the pace of a test.</summary>
internal sealed class WatchFixture : IAsyncDisposable
{
    private readonly RequestWatch _requests;

    private WatchFixture(ModelServerDouble server, ModelServer configured)
    {
        Server = server;
        Configured = configured;
        var options = new OllamaOptions();
        if (!configured.IsOllama) options.Further[configured.Name] = new FurtherServer { Listen = "http://127.0.0.1:1", Upstream = configured.Upstream.ToString() };
        _requests = new RequestWatch(Options.Create(options), Clock);
        Log = new RequestLog([_requests], Clock, NullLogger<RequestLog>.Instance);
        Watch = new ServerWatch(configured, "desk", Log, _requests.Of(configured), Clock, Logger);
    }

    public ModelServerDouble Server { get; }

    public ModelServer Configured { get; }

    public ManualTimeProvider Clock { get; } = new();

    public RequestLog Log { get; }

    public ServerWatch Watch { get; }

    public LinesLogger Logger { get; } = new();

    public static async Task<WatchFixture> OllamaAsync()
    {
        var server = (await ModelServerDouble.StartAsync()).Holds().Says("/api/tags", """{"models":[]}""").Says("/api/version", """{"version":"0.11.4"}""");
        return new WatchFixture(server, new ModelServer(ModelServer.Ollama, new Uri("http://127.0.0.1:1"), server.Address));
    }

    public static async Task<WatchFixture> OtherAsync(string? metrics = null)
    {
        var server = await ModelServerDouble.StartAsync();
        return new WatchFixture(server, new ModelServer("other", new Uri("http://127.0.0.1:1"), server.Address) { Metrics = metrics });
    }

    /// <summary>A look five seconds after the last one.</summary>
    public async Task<List<ModelResidencyChanged>> LookAsync(double afterSeconds = 5)
    {
        Clock.Advance(TimeSpan.FromSeconds(afterSeconds));
        return [.. await Watch.LookAsync(CancellationToken.None)];
    }

    public LlmRequest Begin(string model, int? context = null)
    {
        var request = Log.Begin(Configured, LlmEndpoint.Find("POST", "/api/chat")!, new LlmClient { Name = "me", Source = LlmClientSource.Agent }, null);
        request.Facts = new RequestFacts { Model = model, ContextLength = context };
        request.ReceivedTimestamp = Clock.GetTimestamp();
        request.Reply = new ReplyReader(request.Endpoint, true);
        return request;
    }

    public void End(LlmRequest request, double loadSeconds, string? finish = "stop")
    {
        request.Reply!.Facts.Load = TimeSpan.FromSeconds(loadSeconds);
        request.Reply.Facts.FinishReason = finish;
        Log.End(request, LlmOutcome.Ok, null);
    }

    public async ValueTask DisposeAsync()
    {
        Watch.Dispose();
        await Server.DisposeAsync();
    }
}
