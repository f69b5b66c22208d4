using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Configuration section <c>Ollama</c>: the proxy before the model servers.</summary>
internal sealed class OllamaOptions : IValidateOptions<OllamaOptions>
{
    public const string Section = "Ollama";

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(10);
    private const int MostRecentRequests = 10_000;
    private const int MostCaptureBytes = 1 << 20;
    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(365);

    /// <summary>Address the proxy listens on; empty, there is no proxy.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:11435";

    /// <summary>Where Ollama runs.</summary>
    public string Upstream { get; set; } = "http://127.0.0.1:11434";

    /// <summary>Whether token counts are asked for in streams whose client did not ask, and taken out again on the way back.</summary>
    public bool InjectUsage { get; set; } = true;

    /// <summary>Headers in which applications forward their own user, strongest first, with commas between.</summary>
    public string UserHeaderNames { get; set; } =
        "X-OpenWebUI-User-Name, X-OpenWebUI-User-Email, X-OpenWebUI-User-Id, X-Forwarded-User, X-Forwarded-Email, X-Auth-Request-User, Remote-User";

    /// <summary>Whether the process at the other end of a connection from this host is looked for.</summary>
    public bool FindClientProcess { get; set; } = true;

    /// <summary>Requests that the collector itself remembers after their end.</summary>
    public int RecentRequests { get; set; } = 500;

    /// <summary>Whether prompts and replies are kept, and sent with the records of their requests.</summary>
    public bool CaptureContent { get; set; }

    /// <summary>Most bytes kept of a request's body, and of a reply's.</summary>
    public int CaptureBytes { get; set; } = 64 << 10;

    /// <summary>How long the collector itself remembers what it kept.</summary>
    public TimeSpan CaptureRetention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Names under which the proxy may be reached beside those that Ollama itself accepts, divided by commas.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Origins of web pages that may use it beside those that Ollama itself accepts, divided by commas.</summary>
    public string AllowedOrigins { get; set; } = "";

    /// <summary>Keys that clients show, by the client's name.</summary>
    public Dictionary<string, string> Keys { get; set; } = [];

    /// <summary>Time between two looks at which models are in memory.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>UUIDs of the GPUs Ollama may use, with commas between, or <c>none</c>; unset, they are found out.</summary>
    public string? Gpus { get; set; }

    /// <summary>Servers beside Ollama, by name.</summary>
    [ConfigurationKeyName("Servers")]
    public Dictionary<string, FurtherServer> Further { get; } = new(StringComparer.Ordinal);

    /// <summary>The servers to stand before: Ollama unless it is switched off, then the others by name.</summary>
    public IReadOnlyList<ModelServer> Servers() =>
    [
        .. Listen.Length == 0 ? Array.Empty<ModelServer>() : [new(ModelServer.Ollama, new Uri(Listen), new Uri(Upstream)) { Gpus = GpuList.Parse(Gpus) }],
        .. ByName(Further).Select(server => server.Value.ToServer(server.Key)),
    ];

    public ValidateOptionsResult Validate(string? name, OllamaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.Listen.Length > 0) ServerAddress.CheckListen(problems, "Ollama:Listen", options.Listen);
        ServerAddress.CheckUpstream(problems, "Ollama:Upstream", options.Upstream);
        CheckRequests(problems, options);
        foreach (var problem in ProxyAccess.ProblemsOf(options)) problems.AddError(problem);
        if (options.PollInterval < ShortestPoll || options.PollInterval > LongestPoll)
            problems.AddError($"Ollama:PollInterval is {options.PollInterval}; accepted are {ShortestPoll} to {LongestPoll}");
        if (GpuList.Problem(options.Gpus) is { } gpus) problems.AddError($"Ollama:Gpus {gpus}");
        foreach (var (server, further) in ByName(options.Further)) further.Check(problems, server);
        ServerAddress.CheckMeetings(problems,
        [
            .. options.Listen.Length == 0 ? Array.Empty<(string, string?, string?)>() : [("Ollama", options.Listen, options.Upstream)],
            .. ByName(options.Further).Select(pair => ($"Ollama:Servers:{pair.Key}", pair.Value.Listen, pair.Value.Upstream)),
        ]);
        return problems.Build();
    }

    private static IEnumerable<KeyValuePair<string, FurtherServer>> ByName(Dictionary<string, FurtherServer> further) => further.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static void CheckRequests(ValidateOptionsResultBuilder problems, OllamaOptions options)
    {
        if (HeaderList.Problem(options.UserHeaderNames) is { } problem) problems.AddError($"Ollama:UserHeaderNames {problem}");
        if (options.RecentRequests is < 0 or > MostRecentRequests)
            problems.AddError($"Ollama:RecentRequests is {options.RecentRequests}; accepted are 0 to {MostRecentRequests}");
        if (options.CaptureBytes is < 1 or > MostCaptureBytes)
            problems.AddError($"Ollama:CaptureBytes is {options.CaptureBytes}; accepted are 1 to {MostCaptureBytes}");
        if (options.CaptureRetention <= TimeSpan.Zero || options.CaptureRetention > LongestRetention)
            problems.AddError($"Ollama:CaptureRetention is {options.CaptureRetention}; accepted are times above 0, at most {LongestRetention}");
    }
}
