using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard.ProcessEvents;

internal static class ProcessEventRegistration
{
    /// <summary>Adds news of processes and the looks they lead to. Neither does anything until somebody listens, and asks.</summary>
    public static void AddProcessEvents(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ProcessEventWatch(
            provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root, provider.GetRequiredService<ILogger<ProcessEventWatch>>()));
        services.AddSingleton<IProcessEvents>(provider => provider.GetRequiredService<ProcessEventWatch>());
        services.AddSingleton(provider => new ProcessLook(
            provider.GetRequiredService<GpuSampler>(), GpuSources.Opened(provider), provider.GetRequiredService<LatestSample>().Processes, provider.GetRequiredService<SamplingPace>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ProcessLook>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ProcessLook>());
    }
}
