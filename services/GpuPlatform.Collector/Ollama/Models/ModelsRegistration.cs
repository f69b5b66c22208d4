using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Ollama.Models;

internal static class ModelsRegistration
{
    /// <summary>Adds what looks after the model servers and tells of them.</summary>
    public static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton<RequestWatch>();
        services.AddSingleton<IRequestObserver>(provider => provider.GetRequiredService<RequestWatch>());
        services.AddSingleton<ResidencyCounts>();
        services.AddSingleton<ModelSizes>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ResidencyPoll>(provider, SamplingRegistration.NodeId(provider)));
        services.AddSingleton<ILlmServers>(provider => provider.GetRequiredService<ResidencyPoll>());
        services.AddSingleton<ModelMetrics>();
        services.AddHostedService(provider =>
        {
            // Nobody asks for the instruments, and what nobody made cannot be scraped
            provider.GetRequiredService<ModelMetrics>();
            return provider.GetRequiredService<ResidencyPoll>();
        });
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ActivityReporter>(provider, SamplingRegistration.NodeId(provider)));
        services.AddHealthChecks().AddCheck<ModelsHealthCheck>("models");
    }
}
