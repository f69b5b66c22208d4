using System.Net;
using GpuPlatform.Collector.Processes.Sockets;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>The connection a request came over.</summary>
/// <param name="Id">Its name within this process, never used twice.</param>
/// <param name="Remote">The client's end.</param>
/// <param name="Local">The proxy's end.</param>
internal sealed record ClientConnection(string Id, IPEndPoint Remote, IPEndPoint Local)
{
    /// <summary>True when the client runs on this host: over loopback, or under this host's own address.</summary>
    public bool IsFromThisHost => IPAddress.IsLoopback(Remote.Address) || Remote.Address.Equals(Local.Address);

    /// <summary>The connection as the client has it.</summary>
    public TcpConnection OfClient => TcpConnection.Of(Remote, Local);

    /// <summary>Null when it has no addresses.</summary>
    public static ClientConnection? Of(ConnectionInfo connection) =>
        connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
            ? new(connection.Id, new IPEndPoint(Plain(remote), connection.RemotePort), new IPEndPoint(Plain(local), connection.LocalPort)) : null;

    /// <summary>An address of the old kind that comes in the clothes of the new is taken out of them.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
