using System.Net;
using System.Net.Sockets;
using System.Text;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

/// <summary>Sockets of this very process, as this machine's kernel tells of them: both ways must say the same.</summary>
public sealed class RealSocketsTests : IDisposable
{
    private readonly List<Socket> _open = [];

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "::1")]
    [InlineData(false, "::1")]
    public void Each_end_of_a_connection_is_found(bool asks, string address)
    {
        using var sockets = Sockets(asks);
        var listener = Listen(address);
        var client = Connect(new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp), listener);
        var server = Keep(listener.Accept());
        Assert.Equal(new() { [Ends(client)] = InodeOf(client), [Ends(server)] = InodeOf(server) }, sockets.Find([Ends(client), Ends(server)]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_socket_of_the_new_kind_that_speaks_the_old_protocol_is_found(bool asks)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "there is no IPv6");
        using var sockets = Sockets(asks);
        var listener = Listen("127.0.0.1");
        var client = Connect(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }, listener);
        var server = Keep(listener.Accept());
        // As the server sees it
        var asked = TcpConnection.Of((IPEndPoint)server.RemoteEndPoint!, (IPEndPoint)server.LocalEndPoint!);
        Assert.Equal((AddressFamily.InterNetworkV6, InodeOf(client)), (client.AddressFamily, Assert.Single(sockets.Find([asked])).Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_socket_that_is_bound_to_a_device_is_found(bool asks)
    {
        using var sockets = Sockets(asks);
        var listener = Listen("127.0.0.1");
        var client = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            // SO_BINDTODEVICE
            client.SetRawSocketOption(1, 25, "lo\0"u8);
        }
        catch (SocketException e)
        {
            Assert.Skip($"this user may not bind to a device: {e.Message}");
        }
        Connect(client, listener);
        Assert.Equal(InodeOf(client), Assert.Single(sockets.Find([Ends(client)])).Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_is_gone_is_not_found_nor_one_that_never_was_where_somebody_listens(bool asks)
    {
        using var sockets = Sockets(asks);
        var listener = Listen("127.0.0.1");
        var client = Connect(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), listener);
        var ends = Ends(client);
        var server = Keep(listener.Accept());
        // With a reset: nothing of either end is left
        server.LingerState = client.LingerState = new LingerOption(enable: true, seconds: 0);
        server.Dispose();
        client.Dispose();
        Assert.Empty(sockets.Find([ends, new TcpConnection(ends.Remote, ends.Remote with { Port = 1 })]));
    }

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "0.0.0.0")]
    [InlineData(true, "::1")]
    [InlineData(true, "::")]
    [InlineData(false, "::")]
    public void Who_listens_is_found_at_every_address_and_who_is_connected_is_not(bool asks, string address)
    {
        using var sockets = Sockets(asks);
        var (listener, other) = (Listen(address), Listen(address));
        var client = Connect(new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp), listener);
        var server = Keep(listener.Accept());
        // Another process may have the same port at another address
        var found = sockets.Listening(new HashSet<int> { PortOf(listener) });
        Assert.Equal(PortOf(listener), found[InodeOf(listener)]);
        Assert.All((Socket[])[client, server, other], socket => Assert.DoesNotContain(InodeOf(socket), found));
        var both = sockets.Listening(new HashSet<int> { PortOf(listener), PortOf(other) });
        Assert.Equal((PortOf(listener), PortOf(other)), (both[InodeOf(listener)], both[InodeOf(other)]));
        Assert.Empty(sockets.Listening(new HashSet<int>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_that_share_a_port_are_found(bool asks)
    {
        using var sockets = Sockets(asks);
        var first = Shared();
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        first.Listen();
        var second = Shared();
        second.Bind(first.LocalEndPoint!);
        second.Listen();
        var found = sockets.Listening(new HashSet<int> { PortOf(first) });
        Assert.Equal((PortOf(first), PortOf(second)), (found[InodeOf(first)], found[InodeOf(second)]));

        // SO_REUSEPORT, which .NET has no name for
        Socket Shared()
        {
            var socket = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            socket.SetRawSocketOption(1, 15, BitConverter.GetBytes(1));
            return socket;
        }
    }

    public void Dispose() => _open.ForEach(socket => socket.Dispose());

    private static HostSockets Sockets(bool asks)
    {
        Assert.SkipUnless(File.Exists("/proc/net/tcp"), "there is no /proc");
        if (!asks) return new HostSockets(() => throw new IOException("not wanted"), new SocketTables("/"), new LogDouble<HostSockets>());
        try
        {
            using var kernel = new SocketDiagnostics(new NetlinkSocket(), TimeProvider.System);
            kernel.Listening(new HashSet<int>());
        }
        catch (IOException e)
        {
            Assert.Skip($"the kernel tells nothing of single sockets: {e.Message}");
        }
        return new HostSockets("/", TimeProvider.System, new LogDouble<HostSockets>());
    }

    private Socket Listen(string address)
    {
        var ip = IPAddress.Parse(address);
        Assert.SkipWhen(ip.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6, "there is no IPv6");
        var socket = Keep(new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            socket.Bind(new IPEndPoint(ip, 0));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            Assert.Skip($"this machine has no {address}");
        }
        socket.Listen();
        return socket;
    }

    private Socket Connect(Socket client, Socket listener)
    {
        var address = ((IPEndPoint)listener.LocalEndPoint!).Address;
        var loopback = address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        Keep(client).Connect(loopback, PortOf(listener));
        return client;
    }

    private Socket Keep(Socket socket)
    {
        _open.Add(socket);
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static TcpConnection Ends(Socket socket) => TcpConnection.Of((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!);

    private static long InodeOf(Socket socket) =>
        SocketLink.InodeOf(PosixNative.LinkTarget(Encoding.UTF8.GetBytes($"/proc/self/fd/{socket.Handle}\0"), new byte[64]))!.Value;
}
