using System.Text.RegularExpressions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One way to send requests through the proxy: for whom, the line to copy, and what to know.</summary>
public sealed record ConnectLine(string Who, string Line, string? Hint = null);

/// <summary>How to point clients at a model server's proxy.</summary>
internal static partial class ConnectLines
{
    private const string AnyModel = "llama3.2";

    /// <summary>None while the proxy does not listen, or says an address that cannot be one.</summary>
    public static IReadOnlyList<ConnectLine> Of(LlmServer server)
    {
        if (!Uri.TryCreate(server.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return [];
        // Every address of the host is one to listen on and none to call
        if (address.Host is "0.0.0.0" or "[::]") address = new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
        var root = address.GetLeftPart(UriPartial.Authority);
        var others = new List<ConnectLine>
        {
            new("OpenAI for Python", $"client = OpenAI(base_url=\"{root}/v1\", api_key=\"ollama\")", "The key may be any text."),
            new("OpenAI for JavaScript", $"const client = new OpenAI({{ baseURL: \"{root}/v1\", apiKey: \"ollama\" }})"),
        };
        return !IsOllama(server) ? others :
        [
            new("Ollama on the command line", $"OLLAMA_HOST={address.Authority} ollama run {Model(server)}", "In PowerShell: set $env:OLLAMA_HOST first."),
            new("Open WebUI", $"OLLAMA_BASE_URL={root}", "An environment variable of it, or Admin panel → Connections. In a container: share the host's network."),
            .. others,
            new("Anthropic for Python", $"client = Anthropic(base_url=\"{root}\", api_key=\"ollama\")"),
            new("Programs on Anthropic's API", $"ANTHROPIC_BASE_URL={root}"),
        ];
    }

    // The others are asked in OpenAI's API, which all of them speak. Of one that has not answered yet only the name tells anything
    private static bool IsOllama(LlmServer server) =>
        server.Kind is { } kind ? kind == LlmServer.Ollama : server.Name.Contains(LlmServer.Ollama, StringComparison.OrdinalIgnoreCase);

    // A name goes into a shell's line only when no shell could take it for anything else
    private static string Model(LlmServer server) =>
        server.Resident.Select(model => model.Name).Concat((server.Available ?? []).Where(model => !model.Remote).Select(model => model.Name))
            .FirstOrDefault(name => Harmless().IsMatch(name)) ?? AnyModel;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
    private static partial Regex Harmless();
}
