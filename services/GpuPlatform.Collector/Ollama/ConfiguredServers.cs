using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>The servers as the configuration names them: nobody has looked whether they answer.</summary>
internal sealed class ConfiguredServers(IOptions<OllamaOptions> options) : ILlmServers
{
    public IReadOnlyList<LlmServer> Current { get; } =
    [
        .. options.Value.Servers().Select(server => new LlmServer
        {
            Name = server.Name,
            Address = server.Listen.GetLeftPart(UriPartial.Authority),
            Upstream = server.Upstream.GetLeftPart(UriPartial.Authority),
        }),
    ];
}
