using GpuPlatform.Collector.Capacity;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Questions;

internal static class QuestionRegistration
{
    /// <summary>Adds what answers to those who ask over the broker.</summary>
    public static void AddQuestions(this IServiceCollection services)
    {
        services.AddSingleton<QuestionMetrics>();
        services.AddSingleton(provider => new QuestionDesk(
            SamplingRegistration.NodeId(provider), provider.GetRequiredService<HostGuard>(), provider.GetRequiredService<CapacityLook>(),
            provider.GetRequiredService<QuestionMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<QuestionDesk>>()));
    }
}
