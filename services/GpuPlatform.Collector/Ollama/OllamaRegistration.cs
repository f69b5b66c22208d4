using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

internal static class OllamaRegistration
{
    /// <summary>Adds the proxy before the model servers and what records their requests.</summary>
    public static TBuilder AddOllama<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<OllamaOptions>, OllamaOptions>();
        services.AddOptions<OllamaOptions>().BindConfiguration(OllamaOptions.Section).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ILlmPublisher>(provider => provider.GetRequiredService<UplinkPublisher>());
        services.AddModels();
        services.AddRequests();
        services.AddRequestTelemetry();
        services.AddGate();
        services.AddSingleton<ProxyHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ProxyHost>());
        services.AddHealthChecks().AddCheck<ProxyHealthCheck>("proxy");
        return builder;
    }
}
