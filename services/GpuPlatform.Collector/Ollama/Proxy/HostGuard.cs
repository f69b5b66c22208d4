using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>
/// Which names and origins may use the proxy: those that Ollama accepts, and those configured. A web page that points a name of its own at this host
/// (DNS rebinding) is thereby kept out, as it is by Ollama, which cannot do it itself once somebody stands before it.
/// </summary>
internal sealed class HostGuard(OllamaOptions options)
{
    public const string HostsKey = "Ollama:AllowedHosts", OriginsKey = "Ollama:AllowedOrigins";
    public const string Any = "*";

    private static readonly string[] LocalSuffixes = [".localhost", ".local", ".internal"];

    // As in Ollama's envconfig; a star stands for anything
    private static readonly string[] LocalOrigins =
    [
        .. from host in (string[])["localhost", "127.0.0.1", "0.0.0.0"] from scheme in (string[])["http", "https"] from port in (string[])["", ":*"]
           select $"{scheme}://{host}{port}",
        "app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*",
    ];

    private readonly string[] _hosts = Items(options.AllowedHosts);
    private readonly string[] _origins = [.. LocalOrigins, .. Items(options.AllowedOrigins)];

    /// <summary>Whether Ollama, listening on loopback, lets a host pass.</summary>
    public static bool IsLocal(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || LocalSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
        || (IPAddress.TryParse(host, out var address) && IsLocal(address));

    /// <summary>What is wrong with the host a request names; null when nothing is.</summary>
    public string? HostRefusal(string host) => IsLocal(host) || _hosts.Any(allowed => Fits(host, allowed)) ? null
        : $"Host is '{host}'; accepted are localhost, '{Environment.MachineName}', names below .localhost, .local and .internal, addresses of this host and of private networks, and what {HostsKey} lists";

    /// <summary>What is wrong with the origin of the page that a request comes from; null when nothing is.</summary>
    public string? OriginRefusal(string origin, string host) =>
        origin.Length == 0 || IsOwn(origin, host) || _origins.Any(allowed => Matches(origin, allowed)) ? null
        : $"Origin is '{origin}'; accepted are this address itself, http and https on localhost, 127.0.0.1 and 0.0.0.0, app, file, tauri and VS Code pages, and what {OriginsKey} lists";

    /// <summary>Whether a page of this very address asks.</summary>
    public static bool IsOwn(string origin, string host) =>
        origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase) || origin.Equals($"https://{host}", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<string> ProblemsOf(OllamaOptions options)
    {
        foreach (var host in Items(options.AllowedHosts).Where(host => !IsName(host)))
            yield return $"{HostsKey} has '{host}'; accepted are host names and addresses without a port, .example.org for all names below, and * for any";
        foreach (var origin in Items(options.AllowedOrigins).Where(origin => !IsOrigin(origin)))
            yield return $"{OriginsKey} has '{origin}'; accepted are scheme://host or scheme://host:port with at most one *, and * for any";
    }

    private static bool IsLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || IsPrivate(plain.GetAddressBytes()) || IsOfThisHost(plain);
    }

    private static bool IsPrivate(byte[] address) => address switch
    {
        [10, _, _, _] or [172, >= 16 and < 32, _, _] or [192, 168, _, _] => true,
        { Length: 16 } => address[0] is 0xFC or 0xFD,
        _ => false,
    };

    private static bool IsOfThisHost(IPAddress address)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));
        }
        catch (Exception e) when (e is NetworkInformationException or SocketException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static bool Fits(string host, string allowed) =>
        allowed == Any || (allowed.StartsWith('.') ? host.EndsWith(allowed, StringComparison.OrdinalIgnoreCase) : host.Equals(allowed, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(string origin, string allowed)
    {
        var star = allowed.IndexOf('*', StringComparison.Ordinal);
        return star < 0 ? origin.Equals(allowed, StringComparison.OrdinalIgnoreCase)
            : origin.Length >= allowed.Length - 1 && origin.StartsWith(allowed[..star], StringComparison.OrdinalIgnoreCase)
                && origin.EndsWith(allowed[(star + 1)..], StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsName(string host) => host == Any || IPAddress.TryParse(host, out _) || Uri.CheckHostName(host.TrimStart('.')) == UriHostNameType.Dns;

    private static bool IsOrigin(string origin) =>
        origin == Any || (origin.IndexOf("://", StringComparison.Ordinal) is > 0 and var at && at + 3 < origin.Length && origin.Count(c => c == '*') <= 1
            && !origin.AsSpan(at + 3).Contains('/') && !origin.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)));
}
