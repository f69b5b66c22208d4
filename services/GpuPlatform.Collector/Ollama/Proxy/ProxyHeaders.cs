using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Headers pass as they came, except those that speak of one connection alone (RFC 9110 §7.6.1).</summary>
internal static class ProxyHeaders
{
    private static readonly FrozenSet<string> HopByHop = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.TE, HeaderNames.TransferEncoding, HeaderNames.Upgrade,
        HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void CopyRequest(IHeaderDictionary from, HttpRequestMessage to)
    {
        var named = from.Connection;
        foreach (var (name, values) in from)
        {
            // The host is the model server's, the length is the body's
            if (HopByHop.Contains(name) || IsNamed(named, name) || name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
                || name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)) continue;
            var all = (IEnumerable<string?>)values;
            if (!to.Headers.TryAddWithoutValidation(name, all)) to.Content?.Headers.TryAddWithoutValidation(name, all);
        }
    }

    public static void CopyResponse(HttpResponseMessage from, IHeaderDictionary to)
    {
        Copy(from.Headers.NonValidated, from.Headers, to);
        Copy(from.Content.Headers.NonValidated, from.Headers, to);
    }

    private static void Copy(HttpHeadersNonValidated from, HttpResponseHeaders all, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (HopByHop.Contains(name) || all.Connection.Contains(name)) continue;
            to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    private static bool IsNamed(Microsoft.Extensions.Primitives.StringValues connection, string name)
    {
        foreach (var value in connection)
            if (value is not null && value.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase)) return true;
        return false;
    }
}
