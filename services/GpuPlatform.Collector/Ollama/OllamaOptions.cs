using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Configuration section <c>Ollama</c>: the proxy before the model servers.</summary>
internal sealed class OllamaOptions : IValidateOptions<OllamaOptions>
{
    public const string Section = "Ollama";

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(10);

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

    /// <summary>Time between two looks at which models are in memory.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Servers beside Ollama, by name.</summary>
    [ConfigurationKeyName("Servers")]
    public Dictionary<string, FurtherServer> Further { get; } = new(StringComparer.Ordinal);

    /// <summary>The servers to stand before: Ollama unless it is switched off, then the others by name.</summary>
    public IReadOnlyList<ModelServer> Servers() =>
    [
        .. Listen.Length == 0 ? Array.Empty<ModelServer>() : [new(ModelServer.Ollama, new Uri(Listen), new Uri(Upstream))],
        .. Further.OrderBy(server => server.Key, StringComparer.Ordinal).Select(server => server.Value.ToServer(server.Key)),
    ];

    public ValidateOptionsResult Validate(string? name, OllamaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.Listen.Length > 0) Check(problems, "Ollama:Listen", options.Listen);
        Check(problems, "Ollama:Upstream", options.Upstream);
        foreach (var problem in ApiKeys.ProblemsOf(options.Keys)) problems.AddError(problem);
        if (options.PollInterval < ShortestPoll || options.PollInterval > LongestPoll)
            problems.AddError($"Ollama:PollInterval is {options.PollInterval}; accepted are {ShortestPoll} to {LongestPoll}");
        foreach (var (server, further) in options.Further.OrderBy(pair => pair.Key, StringComparer.Ordinal)) further.Check(problems, server);
        ServerAddress.CheckMeetings(problems,
        [
            .. options.Listen.Length == 0 ? Array.Empty<(string, string?, string?)>() : [("Ollama", options.Listen, options.Upstream)],
            .. options.Further.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ($"Ollama:Servers:{pair.Key}", pair.Value.Listen, pair.Value.Upstream)),
        ]);
        return problems.Build();
    }

    private static void Check(ValidateOptionsResultBuilder problems, string key, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            problems.AddError($"{key} is '{value}'; accepted is http://host:port");
    }
}
