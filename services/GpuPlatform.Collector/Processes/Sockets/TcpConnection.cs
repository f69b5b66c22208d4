using System.Buffers.Binary;
using System.Net;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>A connection as one of its two sockets has it.</summary>
/// <param name="Local">That socket's end.</param>
/// <param name="Remote">The other one.</param>
/// <param name="InterfaceIndex">The network interface that a link-local address belongs to; 0 with any other.</param>
internal readonly record struct TcpConnection(TcpEnd Local, TcpEnd Remote, uint InterfaceIndex = 0)
{
    public static TcpConnection Of(IPEndPoint local, IPEndPoint remote) =>
        new(TcpEnd.Of(local), TcpEnd.Of(remote), local.Address.IsIPv6LinkLocal ? (uint)local.Address.ScopeId : 0);
}

/// <summary>
/// An end of a connection. An address of IPv4 is held in the form that IPv6 has for it, since a socket of the new kind may speak the old protocol.
/// </summary>
internal readonly record struct TcpEnd(UInt128 Address, int Port)
{
    private const int AddressBytes = 16;
    private const int OldAddressBytes = 4;

    public bool IsOldProtocol => Address >> 32 == 0xffff;

    public static TcpEnd Of(IPEndPoint end)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        if (!end.Address.TryWriteBytes(bytes, out var length))
            throw new ArgumentException($"{end} is no end of a TCP connection", nameof(end));
        return new TcpEnd(AddressOf(bytes[..length]), end.Port);
    }

    /// <summary>From the 4 or 16 bytes of an address as they are sent.</summary>
    public static UInt128 AddressOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == OldAddressBytes ? new UInt128(0, 0xffff_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(bytes)) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
