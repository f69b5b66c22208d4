using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Configuration section <c>Ollama:Servers:NAME</c>: a further model server, with a port of the proxy to itself.</summary>
internal sealed class FurtherServer
{
    /// <summary>No metrics are asked for.</summary>
    public const string NoMetrics = "off";

    private const int LongestName = 32;

    /// <summary>Address the proxy listens on for it.</summary>
    public string? Listen { get; set; }

    /// <summary>Where it runs.</summary>
    public string? Upstream { get; set; }

    /// <summary>Path of its own metrics; unset, <c>/metrics</c> where that is known to disturb nobody.</summary>
    public string? Metrics { get; set; }

    /// <summary>UUIDs of the GPUs it may use, with commas between, or <c>none</c>; unset, they are found out.</summary>
    public string? Gpus { get; set; }

    public ModelServer ToServer(string name) => new(name, new Uri(Listen!), new Uri(Upstream!)) { Metrics = Metrics, Gpus = GpuList.Parse(Gpus) };

    public void Check(ValidateOptionsResultBuilder problems, string name)
    {
        var section = $"Ollama:Servers:{name}";
        if (name.Length is 0 or > LongestName || name == ModelServer.Ollama || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            problems.AddError($"{section} has a name that cannot be used; accepted are 1 to {LongestName} of the letters a-z, digits and '-', and not '{ModelServer.Ollama}'");
        ServerAddress.CheckListen(problems, $"{section}:Listen", Listen);
        ServerAddress.CheckUpstream(problems, $"{section}:Upstream", Upstream);
        if (GpuList.Problem(Gpus) is { } gpus) problems.AddError($"{section}:Gpus {gpus}");
        if (Metrics is not null and not NoMetrics && (!Metrics.StartsWith('/') || !Uri.TryCreate(new Uri("http://localhost"), Metrics, out var path) || path.Host != "localhost"))
            problems.AddError($"{section}:Metrics is '{Metrics}'; accepted is a path, as in /metrics, or {NoMetrics}");
    }
}
