using System.Runtime.InteropServices;
using GpuPlatform.Collector.Drm;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>
/// Asks the kernel for single sockets (<c>NETLINK_SOCK_DIAG</c>): it finds one by its two ends at once, and listeners without a look at connections. Used by
/// one thread at a time. Every question throws an <see cref="IOException"/> when the kernel does not answer as it should; no further one is to be asked then.
/// </summary>
internal sealed class SocketDiagnostics(INetlinkChannel channel, TimeProvider time) : ITcpSockets, IDisposable
{
    // The kernel never fills more into one datagram
    private const int BufferBytes = 32 << 10;

    // Some hundred thousand listeners
    private const int MostBytes = 16 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly byte[] _question = new byte[DiagnosticFormat.QuestionBytes];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private uint _sequence;

    public TimeSpan ListenersLast { get; } = TimeSpan.FromSeconds(1);

    public Dictionary<TcpConnection, long> Find(IReadOnlyCollection<TcpConnection> connections)
    {
        var found = new Dictionary<TcpConnection, long>();
        foreach (var connection in connections)
        {
            DiagnosticFormat.WriteLookUp(_question, ++_sequence, connection);
            // Where there is no such connection the kernel tells of a listener at its local end
            foreach (var socket in Ask(isList: false))
                if (socket.Local == connection.Local && socket.Remote == connection.Remote && !socket.IsListening && socket.Inode > 0)
                    found[connection] = socket.Inode;
        }
        return found;
    }

    public Dictionary<long, int> Listening(IReadOnlySet<int> ports)
    {
        var found = new Dictionary<long, int>();
        foreach (var isOldProtocol in (ReadOnlySpan<bool>)[true, false])
        {
            DiagnosticFormat.WriteListeners(_question, ++_sequence, isOldProtocol);
            foreach (var socket in Ask(isList: true))
                if (socket.IsListening && socket.Inode > 0 && ports.Contains(socket.Local.Port))
                    found[socket.Inode] = socket.Local.Port;
        }
        return found;
    }

    public void Dispose() => channel.Dispose();

    private IEnumerable<DiagnosedSocket> Ask(bool isList)
    {
        var began = time.GetTimestamp();
        channel.Send(_question);
        for (var received = 0; received < MostBytes;)
        {
            var left = Patience - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) throw new IOException($"the kernel did not answer within {Patience.TotalSeconds} s");
            var length = channel.Receive(_buffer, left);
            received += length;
            for (var at = 0; DiagnosticFormat.TryRead(_buffer.AsSpan(0, length), ref at, out var answer);)
            {
                if (answer.Sequence != _sequence) continue;
                if (answer.Socket is { } socket) yield return socket;
                else if (answer.Error != 0 && (isList || answer.Error != PosixNative.NoEntry)) throw new IOException(Marshal.GetPInvokeErrorMessage(answer.Error));
                if (!isList || answer.Socket is null) yield break;
            }
        }
        throw new IOException($"the kernel's answer has no end within {MostBytes} bytes");
    }
}
