using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;
using GpuPlatform.Tests.Collector.Sampling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Collector.Api;

/// <summary>The collector as its program puts it together, on a source a test commands. It ticks once, at the start.</summary>
internal sealed class CollectorHost(WebApplication app, SourceDouble source, ProcessDouble processes) : IAsyncDisposable
{
    public WebApplication App => app;

    public SourceDouble Source => source;

    public ProcessDouble Processes => processes;

    public HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };

    public GpuSampler Sampler => app.Services.GetRequiredService<GpuSampler>();

    public static async Task<CollectorHost> StartAsync(Action<SourceDouble, ProcessDouble>? arrange = null, params (string Key, string Value)[] settings)
    {
        var (source, processes) = (new SourceDouble(), new ProcessDouble());
        arrange?.Invoke(source, processes);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(CollectorHost).Assembly.GetName().Name, EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection([new("Sampling:Interval", "00:10:00"), new("Sampling:HostInterval", "00:10:00"), new("Ollama:Listen", ""), new("Uplink:SpoolPath", "")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddUplink(_ => "node", messages => messages
            .Add<GpuSampled>().Add<HostSampled>().Add<GpuProcessObserved>()
            .Add<LlmRequestCompleted>().Add<LlmActivity>().Add<ModelResidencyChanged>().Add<GuardChanged>());
        builder.AddSampling();
        builder.AddOllama();
        builder.AddGuard();
        builder.AddGpuApi();
        builder.Services.AddSingleton<IReadOnlyList<IGpuSource>>([source]);
        builder.Services.AddSingleton<IProcessReader>(processes);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGpuApi();
        await app.StartAsync();
        var host = new CollectorHost(app, source, processes);
        await app.Services.GetRequiredService<LatestSample>().FirstLook.WaitAsync(TimeSpan.FromSeconds(60));
        return host;
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
