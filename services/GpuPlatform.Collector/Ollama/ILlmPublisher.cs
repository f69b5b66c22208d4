using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Where messages about models go. Never blocks.</summary>
internal interface ILlmPublisher
{
    void Publish(LlmRequestCompleted message);

    void Publish(LlmActivity message);

    void Publish(ModelResidencyChanged message);
}
