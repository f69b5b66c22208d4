using System.Runtime.InteropServices;
using static GpuPlatform.Collector.Processes.NetlinkNative;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>A socket to the kernel's diagnostics of sockets.</summary>
internal sealed unsafe class NetlinkSocket : INetlinkChannel
{
    private readonly int _handle;

    /// <exception cref="IOException">There is none to be had.</exception>
    public NetlinkSocket()
    {
        _handle = Socket(NetlinkFamily, DatagramCloseOnExecNonBlocking, SocketDiagnosticsProtocol);
        if (_handle < 0)
            throw Failure();
        // Connected to number 0, the kernel, it takes messages from nobody else
        var kernel = new NetlinkAddress { Family = NetlinkFamily };
        if (Connect(_handle, &kernel, (uint)sizeof(NetlinkAddress)) == 0)
            return;
        var failure = Failure();
        Dispose();
        throw failure;
    }

    public void Send(ReadOnlySpan<byte> question)
    {
        fixed (byte* start = question)
            if (NetlinkNative.Send(_handle, start, (nuint)question.Length, 0) != question.Length)
                throw Failure();
    }

    public int Receive(Span<byte> buffer, TimeSpan patience)
    {
        var length = Receive(buffer);
        if (length < 0)
        {
            var socket = new PollHandle { Handle = _handle, Asked = Readable };
            // Rounded up: to ask for no time at all again and again would keep a processor busy
            length = Poll(&socket, 1, (int)Math.Ceiling(patience.TotalMilliseconds)) > 0 ? Receive(buffer) : -1;
        }
        if (length > buffer.Length)
            throw new IOException($"a datagram of {length} bytes came, where {buffer.Length} are the most");
        return Math.Max(length, 0);
    }

    public void Dispose() => _ = Close(_handle);

    // The kernel has answered when it has taken the question, so that there is mostly nothing to wait for
    private int Receive(Span<byte> buffer)
    {
        nint length;
        fixed (byte* start = buffer)
            length = NetlinkNative.Receive(_handle, start, (nuint)buffer.Length, TellWholeLength);
        return length < 0 && Marshal.GetLastPInvokeError() is not (TryAgain or Interrupted) ? throw Failure() : (int)length;
    }

    private static IOException Failure() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
}
