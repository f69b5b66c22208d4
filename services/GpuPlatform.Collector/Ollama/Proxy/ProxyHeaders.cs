using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Headers pass as they came, except those that speak of one connection alone (RFC 9110 §7.6.1) and a key that is meant for the proxy.</summary>
internal static class ProxyHeaders
{
    private const string Http2Upgrade = "h2c";

    private static readonly FrozenSet<string> HopByHop = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.TE, HeaderNames.TransferEncoding, HeaderNames.Upgrade,
        HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void CopyRequest(Exchange exchange, HttpRequestMessage to, ApiKeys keys)
    {
        var from = exchange.Http.Request.Headers;
        foreach (var (name, values) in from)
        {
            if (HopByHop.Contains(name) || IsNamed(from.Connection, name) || name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)) continue;
            if (exchange.IsRenamed && IsOfHost(exchange.Http.Request, name, values)) continue;
            // The client has been told to go on, or will not be asked
            if (exchange.IsReadAhead && name.Equals(HeaderNames.Expect, StringComparison.OrdinalIgnoreCase)) continue;
            // The head that would say how its body is packed has gone
            if (exchange.IsBegun && name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)) continue;
            var passed = values.Where(value => !keys.IsOurs(name, value ?? "")).ToArray();
            if (passed.Length == 0 || to.Headers.TryAddWithoutValidation(name, passed)) continue;
            to.Content ??= new ByteArrayContent([]);
            to.Content.Headers.TryAddWithoutValidation(name, passed);
        }
        if (IsUpgrade(exchange.Http.Request))
        {
            to.Headers.TryAddWithoutValidation(HeaderNames.Connection, HeaderNames.Upgrade);
            to.Headers.TryAddWithoutValidation(HeaderNames.Upgrade, (IEnumerable<string?>)from.Upgrade);
        }
    }

    public static void CopyResponse(HttpResponseMessage from, IHeaderDictionary to)
    {
        Copy(from.Headers.NonValidated, from.Headers, to);
        Copy(from.Content.Headers.NonValidated, from.Headers, to);
    }

    public static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 && IsNamed(request.Headers.Connection, HeaderNames.Upgrade) && !request.Headers.Upgrade.ToString().StartsWith(Http2Upgrade, StringComparison.OrdinalIgnoreCase);

    // A page of the proxy's own address is of the server's own too
    private static bool IsOfHost(HttpRequest request, string name, StringValues values) =>
        name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || (name.Equals(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase) && values.All(origin => HostGuard.IsOwn(origin ?? "", request.Host.Value ?? "")));

    private static void Copy(HttpHeadersNonValidated from, HttpResponseHeaders all, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (HopByHop.Contains(name) || all.Connection.Contains(name)) continue;
            to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    private static bool IsNamed(StringValues connection, string name)
    {
        foreach (var value in connection)
            if (value is not null && value.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase)) return true;
        return false;
    }
}
