using System.Net;
using System.Net.NetworkInformation;
using GpuPlatform.Collector.Ollama;

namespace GpuPlatform.Collector.Guard;

/// <summary>Whether a model server runs on this host, as far as its address tells.</summary>
internal static class ServerPlace
{
    private static readonly string[] HostNames = ["localhost", "host.docker.internal", "host.containers.internal"];

    /// <summary>
    /// A loopback address, one of this host's own, its name, or a name without a dot as containers of one host call each other. Elsewhere a server uses none
    /// of this host's GPUs.
    /// </summary>
    public static bool IsHere(ModelServer server)
    {
        var host = server.Upstream.IdnHost;
        return IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || OwnAddresses().Contains(address)
            : HostNames.Contains(host, StringComparer.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || !host.Contains('.', StringComparison.Ordinal)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);
    }

    private static List<IPAddress> OwnAddresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
