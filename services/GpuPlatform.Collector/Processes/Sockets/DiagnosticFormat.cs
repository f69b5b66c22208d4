using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>
/// Questions to the kernel about TCP sockets, and its answers: <c>struct inet_diag_req_v2</c> and <c>struct inet_diag_msg</c> behind <c>struct nlmsghdr</c>
/// (sock_diag(7)). Numbers are in the order of bytes of the machine, addresses and ports as they are sent.
/// </summary>
internal static class DiagnosticFormat
{
    public const int QuestionBytes = 72;

    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;
    private const ushort ByFamilyType = 20;
    private const ushort Request = 1;
    private const ushort List = 0x300;
    private const byte OldFamily = 2;
    private const byte NewFamily = 10;
    private const byte Tcp = 6;
    private const int ListenState = 10;
    private const uint LoopbackInterface = 1;

    private const int HeaderBytes = 16;
    private const int LongestError = 4095;
    private const int SocketBytes = HeaderBytes + 72;

    /// <summary>Asks for the one socket at this end of a connection.</summary>
    public static void WriteLookUp(Span<byte> question, uint sequence, TcpConnection connection)
    {
        Begin(question, sequence, Request, connection.Local.IsOldProtocol ? OldFamily : NewFamily, states: uint.MaxValue);
        WriteEnd(connection.Local, question[24..], question[28..44]);
        WriteEnd(connection.Remote, question[26..], question[44..60]);
        // Matches sockets of no particular interface as well; with none given, those that were bound to one would not be found
        Put(question, 60, connection.InterfaceIndex == 0 ? LoopbackInterface : connection.InterfaceIndex);
        // Whatever cookie it has
        question[64..72].Fill(0xff);
    }

    /// <summary>Asks for all that listen. Sockets of the new kind that speak both protocols are of the new one.</summary>
    public static void WriteListeners(Span<byte> question, uint sequence, bool isOldProtocol) =>
        Begin(question, sequence, Request | List, isOldProtocol ? OldFamily : NewFamily, states: 1 << ListenState);

    /// <summary>Reads one message of a datagram and moves behind it; false behind the last.</summary>
    /// <exception cref="IOException">It is none that the kernel makes.</exception>
    public static bool TryRead(ReadOnlySpan<byte> datagram, ref int at, out DiagnosticAnswer answer)
    {
        answer = default;
        var rest = datagram[at..];
        if (rest.IsEmpty)
            return false;
        if (rest.Length < HeaderBytes || Number(rest, 0) is var length && (length < HeaderBytes || length > rest.Length))
            throw new IOException($"an answer ends before its end, at {at} of {datagram.Length} bytes");
        var message = rest[..(int)length];
        // Each begins at a multiple of four, but the last need not be filled up
        at += Math.Min((int)length + 3 & ~3, rest.Length);
        var sequence = Number(message, 8);
        answer = MemoryMarshal.Read<ushort>(message[4..]) switch
        {
            ByFamilyType => new DiagnosticAnswer(sequence, Socket(message)),
            DoneType => new DiagnosticAnswer(sequence, Socket: null, Error(message)),
            ErrorType when Error(message) is > 0 and var error => new DiagnosticAnswer(sequence, Socket: null, error),
            var type => throw new IOException($"an answer of type {type} came, where {ByFamilyType}, {DoneType} and {ErrorType} with an error are known"),
        };
        return true;
    }

    private static void Begin(Span<byte> question, uint sequence, ushort flags, byte family, uint states)
    {
        question[..QuestionBytes].Clear();
        Put(question, 0, QuestionBytes);
        MemoryMarshal.Write(question[4..], ByFamilyType);
        MemoryMarshal.Write(question[6..], flags);
        Put(question, 8, sequence);
        (question[HeaderBytes], question[HeaderBytes + 1]) = (family, Tcp);
        Put(question, 20, states);
    }

    private static void WriteEnd(TcpEnd end, Span<byte> port, Span<byte> address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)end.Port);
        if (end.IsOldProtocol)
            BinaryPrimitives.WriteUInt32BigEndian(address, (uint)end.Address);
        else
            BinaryPrimitives.WriteUInt128BigEndian(address, end.Address);
    }

    private static DiagnosedSocket Socket(ReadOnlySpan<byte> message)
    {
        if (message.Length < SocketBytes)
            throw new IOException($"a socket was told in {message.Length} bytes, where {SocketBytes} are the least");
        var addressBytes = message[HeaderBytes] switch
        {
            OldFamily => 4,
            NewFamily => 16,
            var family => throw new IOException($"a socket of family {family} was told, where {OldFamily} and {NewFamily} were asked for"),
        };
        return new DiagnosedSocket(
            new TcpEnd(TcpEnd.AddressOf(message.Slice(24, addressBytes)), BinaryPrimitives.ReadUInt16BigEndian(message[20..])),
            new TcpEnd(TcpEnd.AddressOf(message.Slice(40, addressBytes)), BinaryPrimitives.ReadUInt16BigEndian(message[22..])),
            message[HeaderBytes + 1] == ListenState, Number(message, 84));
    }

    // Negated, as the kernel's own functions return it
    private static int Error(ReadOnlySpan<byte> message) =>
        message.Length >= HeaderBytes + sizeof(int) && MemoryMarshal.Read<int>(message[HeaderBytes..]) is <= 0 and >= -LongestError and var error
            ? -error : throw new IOException("an answer ends a list, or tells of an error, without its number");

    private static uint Number(ReadOnlySpan<byte> message, int at) => MemoryMarshal.Read<uint>(message[at..]);

    private static void Put(Span<byte> message, int at, uint value) => MemoryMarshal.Write(message[at..], value);
}

/// <summary>One message of an answer.</summary>
/// <param name="Sequence">The number of the question.</param>
/// <param name="Socket">Null when there are no more.</param>
/// <param name="Error">The kernel's number of the error; 0 for none.</param>
internal readonly record struct DiagnosticAnswer(uint Sequence, DiagnosedSocket? Socket, int Error = 0);

/// <param name="Inode">0 when it belongs to no process any more.</param>
internal readonly record struct DiagnosedSocket(TcpEnd Local, TcpEnd Remote, bool IsListening, long Inode);
