namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Decides who may pass at one address. On loopback the name asked for counts; beyond it a key does, and the name is the network's business.</summary>
internal sealed class ProxyGuard(HostGuard hosts, ApiKeys keys, ModelServer server)
{
    private readonly bool _isLoopback = ProxyAccess.IsLoopback(server.Listen);
    private readonly bool _isElsewhere = !ProxyAccess.IsLoopback(server.Upstream);

    public Admission Admit(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        var keyName = keys.NameOf(request.Headers);
        var refusal = _isLoopback ? hosts.HostRefusal(host) : null;
        foreach (var origin in request.Headers.Origin) refusal ??= hosts.OriginRefusal(origin ?? "", request.Host.Value ?? "");
        // Ollama would refuse a name that only this configuration knows, and a host elsewhere may have several servers by name
        var renamed = _isElsewhere || !HostGuard.IsLocal(host);
        if (refusal is not null) return new(StatusCodes.Status403Forbidden, refusal, keyName, renamed);
        if (!_isLoopback && keyName is null && !IsPreflight(request))
            return new(StatusCodes.Status401Unauthorized,
                $"A key is needed at this address, as 'Authorization: Bearer KEY' or '{ApiKeys.KeyHeader}: KEY'; accepted are those of {ApiKeys.Section}", null, renamed);
        return new(null, null, keyName, renamed);
    }

    // A browser asks whether it may ask, and shows no key yet. Nothing is done for that
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;
}

/// <summary>Whether a request may pass.</summary>
/// <param name="Status">Of the refusal; null when it may.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="KeyName">Client whose key it shows; null when it shows none of ours.</param>
/// <param name="Renamed">The model server is to be asked under its own name, since it may not know the one that was asked for.</param>
internal readonly record struct Admission(int? Status, string? Refusal, string? KeyName, bool Renamed);
