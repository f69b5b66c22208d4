using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>Takes every finished record once, energy included. Must be quick, must not block.</summary>
internal interface IRecordSink
{
    void Take(LlmRequestCompleted record);
}
