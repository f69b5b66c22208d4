using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Configuration section <c>Ollama</c>: the proxy before the model servers.</summary>
internal sealed class OllamaOptions : IValidateOptions<OllamaOptions>
{
    public const string Section = "Ollama";

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

    /// <summary>The servers to stand before; empty when there is no proxy.</summary>
    public IReadOnlyList<ModelServer> Servers() => Listen.Length == 0 ? [] : [new(ModelServer.Ollama, new Uri(Listen), new Uri(Upstream))];

    public ValidateOptionsResult Validate(string? name, OllamaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.Listen.Length > 0) Check(problems, "Ollama:Listen", options.Listen);
        Check(problems, "Ollama:Upstream", options.Upstream);
        if (options.Listen == options.Upstream)
            problems.AddError($"Ollama:Listen and Ollama:Upstream are both {options.Listen}; accepted are two addresses: one for clients, one where Ollama runs");
        CheckRequests(problems, options);
        foreach (var problem in ProxyAccess.ProblemsOf(options)) problems.AddError(problem);
        return problems.Build();
    }

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

    private static void Check(ValidateOptionsResultBuilder problems, string key, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            problems.AddError($"{key} is '{value}'; accepted is http://host:port");
    }
}
