using System.Collections.Concurrent;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

/// <summary>The part of the collector that looks after model servers, as it is put together, on a clock of a test's.</summary>
internal sealed class PollFixture : ILlmPublisher, IAsyncDisposable
{
    private readonly IHost _host;

    public PollFixture(params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Prepend(new("Node:Id", "desk")));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddSampling();
        builder.AddOllama();
        builder.Services.AddSingleton<ILlmPublisher>(this);
        // Only the loops of the model servers run
        foreach (var other in builder.Services.Where(service => service.ServiceType == typeof(IHostedService)).ToList()) builder.Services.Remove(other);
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ResidencyPoll>());
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ActivityReporter>(provider, SamplingRegistration.NodeId(provider)));
        builder.Logging.ClearProviders();
        _host = builder.Build();
    }

    public ManualTimeProvider Clock { get; } = new();

    public IServiceProvider Services => _host.Services;

    public ResidencyPoll Poll => Services.GetRequiredService<ResidencyPoll>();

    public RequestLog Requests => Services.GetRequiredService<RequestLog>();

    public ConcurrentQueue<LlmActivity> Activities { get; } = new();

    public ConcurrentQueue<ModelResidencyChanged> Changes { get; } = new();

    /// <summary>What publishing throws.</summary>
    public Exception? Fault { get; set; }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Lets time pass in small steps until something is so.</summary>
    public async Task PassUntilAsync(Func<bool> condition)
    {
        await Until.True(() =>
        {
            if (condition()) return true;
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        });
    }

    public LlmRequest Begin(string model)
    {
        var server = Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<OllamaOptions>>().Value.Servers()[0];
        var request = Requests.Begin(server, LlmEndpoint.Find("POST", "/api/chat")!, new LlmClient { Name = "me", Source = LlmClientSource.Agent }, null);
        request.Facts = new RequestFacts { Model = model };
        return request;
    }

    public void Publish(LlmRequestCompleted message)
    {
    }

    public void Publish(LlmActivity message)
    {
        Activities.Enqueue(message);
        if (Fault is { } fault) throw fault;
    }

    public void Publish(ModelResidencyChanged message)
    {
        Changes.Enqueue(message);
        if (Fault is { } fault) throw fault;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }
}
