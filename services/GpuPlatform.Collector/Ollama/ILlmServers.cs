using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama;

/// <summary>The model servers behind the proxy as they were last seen. Asks nobody, never blocks.</summary>
internal interface ILlmServers
{
    /// <summary>In order of configuration.</summary>
    IReadOnlyList<LlmServer> Current { get; }
}
