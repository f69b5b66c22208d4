using GpuPlatform.Collector.Ollama.Proxy;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Configuration section <c>Ollama</c>: the proxy before the model servers.</summary>
internal sealed class OllamaOptions : IValidateOptions<OllamaOptions>
{
    public const string Section = "Ollama";

    /// <summary>Address the proxy listens on; empty, there is no proxy.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:11435";

    /// <summary>Where Ollama runs.</summary>
    public string Upstream { get; set; } = "http://127.0.0.1:11434";

    /// <summary>Whether token counts are asked for in streams whose client did not ask, and taken out again on the way back.</summary>
    public bool InjectUsage { get; set; } = true;

    /// <summary>Names under which the proxy may be reached beside those that Ollama itself accepts, divided by commas.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Origins of web pages that may use it beside those that Ollama itself accepts, divided by commas.</summary>
    public string AllowedOrigins { get; set; } = "";

    /// <summary>Keys that clients show, by the client's name.</summary>
    public Dictionary<string, string> Keys { get; set; } = [];

    /// <summary>The servers to stand before; empty when there is no proxy.</summary>
    public IReadOnlyList<ModelServer> Servers() => Listen.Length == 0 ? [] : [new(ModelServer.Ollama, new Uri(Listen), new Uri(Upstream))];

    public ValidateOptionsResult Validate(string? name, OllamaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.Listen.Length > 0) Check(problems, "Ollama:Listen", options.Listen);
        Check(problems, "Ollama:Upstream", options.Upstream);
        if (options.Listen == options.Upstream)
            problems.AddError($"Ollama:Listen and Ollama:Upstream are both {options.Listen}; accepted are two addresses: one for clients, one where Ollama runs");
        foreach (var problem in ProxyAccess.ProblemsOf(options)) problems.AddError(problem);
        return problems.Build();
    }

    private static void Check(ValidateOptionsResultBuilder problems, string key, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            problems.AddError($"{key} is '{value}'; accepted is http://host:port");
    }
}
