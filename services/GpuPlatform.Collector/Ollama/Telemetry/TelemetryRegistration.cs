using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Ollama.Telemetry;

internal static class TelemetryRegistration
{
    /// <summary>Adds what makes records of requests and gives them away. To be called before the proxy is added: it is stopped first.</summary>
    public static void AddRequestTelemetry(this IServiceCollection services)
    {
        services.AddSingleton(provider => new RequestRecords(SamplingRegistration.NodeId(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EnergyLedger>();
        services.AddSingleton<ModelGpus>();
        services.AddSingleton<RequestSpans>();
        services.AddSingleton<LlmLabels>();
        services.AddSingleton<LlmInFlightMetrics>();
        services.AddSingleton<IRecordSink, PublishingSink>();
        services.AddSingleton<IRecordSink, LlmMetrics>();
        services.AddSingleton<IRecordSink, GpumonLlmMetrics>();
        services.AddSingleton<IRecordSink, GenAiMetrics>();
        services.AddSingleton<RequestRecorder>();
        services.AddSingleton<IRequestObserver>(provider => provider.GetRequiredService<RequestRecorder>());
        services.AddHostedService(provider =>
        {
            // Nobody asks for it, and what nobody made cannot be scraped
            provider.GetRequiredService<LlmInFlightMetrics>();
            return provider.GetRequiredService<RequestRecorder>();
        });
    }
}
