using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Who may ask a server on loopback: Ollama's rules for the headers Host and Origin. What they refuse gets 403 and nothing else.</summary>
internal static class OriginRules
{
    private static readonly string[] Schemes = ["app://", "file://", "tauri://", "vscode-webview://", "vscode-file://"];
    private static readonly string[] LocalEnds = [".localhost", ".local", ".internal"];

    /// <summary>True when the request was answered here: a refusal, or a browser's question whether it may ask.</summary>
    public static bool Answers(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        var host = http.Request.Headers.Host.ToString();
        if (origin.Length > 0 && origin != "http://" + host)
        {
            if (!IsAllowedOrigin(origin)) return Refuse(http);
            http.Response.Headers.AccessControlAllowOrigin = origin;
            http.Response.Headers.Vary = "Origin";
            if (HttpMethods.IsOptions(http.Request.Method)) return Preflight(http);
        }
        return !IsAllowedHost(host) && Refuse(http);
    }

    private static bool Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return true;
    }

    private static bool Preflight(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.AccessControlAllowMethods = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";
        http.Response.Headers.AccessControlAllowHeaders = "Origin,Content-Length,Content-Type,Authorization,User-Agent,Accept,X-Requested-With";
        http.Response.Headers.AccessControlMaxAge = "43200";
        return true;
    }

    private static bool IsAllowedOrigin(string origin) =>
        Schemes.Any(scheme => origin.StartsWith(scheme, StringComparison.Ordinal))
        || (Uri.TryCreate(origin, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address.Host is "localhost" or "127.0.0.1" or "0.0.0.0");

    private static bool IsAllowedHost(string header)
    {
        var host = new HostString(header).Host;
        if (IPAddress.TryParse(host, out var address)) return IsNear(address);
        return host.Length == 0 || host == "localhost" || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
            || LocalEnds.Any(end => host.EndsWith(end, StringComparison.Ordinal));
    }

    private static bool IsNear(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..]);
}
