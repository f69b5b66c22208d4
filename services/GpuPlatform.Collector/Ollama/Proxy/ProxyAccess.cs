using System.Net;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What the configuration says of who may use the proxy, checked at the start.</summary>
internal static class ProxyAccess
{
    public static IEnumerable<string> ProblemsOf(OllamaOptions options) =>
        [.. ApiKeys.ProblemsOf(options.Keys), .. HostGuard.ProblemsOf(options), .. ListenProblems("Ollama:Listen", options.Listen, options),
            .. options.Further.SelectMany(server => ListenProblems($"Ollama:Servers:{server.Key}:Listen", server.Value.Listen, options))];

    /// <summary>What is wrong with who can reach an address that is listened on, in the words of its key.</summary>
    public static IEnumerable<string> ListenProblems(string key, string? listen, OllamaOptions options)
    {
        // What is no address at all is said elsewhere
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var address)) yield break;
        if (address.HostNameType == UriHostNameType.Dns && !IsLocalhost(address))
            yield return $"{key} is {listen}; accepted are localhost or an IP address of this host as the host in http://host:port";
        else if (!IsLoopback(address) && options.Keys.Count == 0)
            yield return $"{key} is {listen}, which can be reached from beyond this host, and no client has a key; accepted is an address on loopback, or set {ApiKeys.Section}:<name> for each client";
    }

    public static bool IsLoopback(Uri listen) => IsLocalhost(listen) || (IPAddress.TryParse(listen.IdnHost, out var address) && IPAddress.IsLoopback(address));

    public static bool IsLocalhost(Uri listen) => listen.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
