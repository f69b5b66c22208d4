using Microsoft.AspNetCore.Http.Features;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>A connection that becomes something else, such as a WebSocket: from then on bytes pass both ways until one side ends.</summary>
internal static class Upgrade
{
    public static async Task PassAsync(HttpContext http, HttpResponseMessage reply, CancellationToken cancellation)
    {
        http.Response.Headers.Upgrade = reply.Headers.Upgrade.ToString();
        await using var client = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await using var server = await reply.Content.ReadAsStreamAsync(cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] ways = [client.CopyToAsync(server, ended.Token), server.CopyToAsync(client, ended.Token)];
        await Task.WhenAny(ways);
        await ended.CancelAsync();
        // How the other way ends says nothing: it was told to
        await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
