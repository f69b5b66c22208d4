using System.Net;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama;

/// <summary>Addresses as the configuration writes them.</summary>
internal static class ServerAddress
{
    public static void CheckListen(ValidateOptionsResultBuilder problems, string key, string? text)
    {
        if (!IsListen(text)) problems.AddError($"{key} is {Said(text)}; accepted is http://host:port");
    }

    public static void CheckUpstream(ValidateOptionsResultBuilder problems, string key, string? text)
    {
        if (!IsUpstream(text)) problems.AddError($"{key} is {Said(text)}; accepted is http://host:port or https://host:port");
    }

    // True when a connection to one of them may reach the other
    private static bool Meet(Uri one, Uri other) =>
        one.Port == other.Port && one.Port != 0 && (one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase) || (IsHere(one) && IsHere(other)));

    /// <summary>Says which addresses are given twice: a proxy that is its own upstream would ask itself for ever.</summary>
    public static void CheckMeetings(ValidateOptionsResultBuilder problems, IReadOnlyList<(string Section, string? Listen, string? Upstream)> servers)
    {
        var listens = servers.Where(server => IsListen(server.Listen)).Select(server => (Key: $"{server.Section}:Listen", Address: new Uri(server.Listen!))).ToList();
        var upstreams = servers.Where(server => IsUpstream(server.Upstream)).Select(server => (Key: $"{server.Section}:Upstream", Address: new Uri(server.Upstream!)));
        foreach (var (first, second) in listens.SelectMany((first, i) => listens.Skip(i + 1).Select(second => (first, second))))
            if (Meet(first.Address, second.Address))
                problems.AddError($"{first.Key} and {second.Key} are both {Text(first.Address)}; accepted is an address of its own for each server");
        foreach (var (listen, upstream) in upstreams.SelectMany(upstream => listens.Select(listen => (listen, upstream))))
            if (Meet(listen.Address, upstream.Address))
                problems.AddError($"{listen.Key} and {upstream.Key} are both {Text(upstream.Address)}; accepted are two addresses: one for clients, one where the server runs");
    }

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    // Every address of this host is not known here; those that one writes by mistake are
    private static bool IsHere(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.IdnHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));

    private static bool IsListen(string? text) => IsRoot(text, Uri.UriSchemeHttp);

    // Any free port can be listened on, but nobody runs at port 0
    private static bool IsUpstream(string? text) => (IsRoot(text, Uri.UriSchemeHttp) || IsRoot(text, Uri.UriSchemeHttps)) && new Uri(text!).Port != 0;

    private static string Said(string? value) => value is null ? "not set" : $"'{value}'";

    private static bool IsRoot(string? text, string scheme) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == scheme && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
}
