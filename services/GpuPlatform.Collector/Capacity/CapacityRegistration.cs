using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Capacity;

internal static class CapacityRegistration
{
    /// <summary>Adds what knows the memory of the GPUs.</summary>
    public static void AddCapacity(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var latest = provider.GetRequiredService<LatestSample>();
        var look = new CapacityLook(
            SamplingRegistration.NodeId(provider), latest, provider.GetRequiredService<PresentGpus>(), provider.GetRequiredService<IVerdicts>(),
            provider.GetRequiredService<ILlmServers>(), provider.GetRequiredService<ModelSizes>(), provider.GetRequiredService<HostGuard>());
        latest.Changed += look.Note;
        return look;
    });
}
