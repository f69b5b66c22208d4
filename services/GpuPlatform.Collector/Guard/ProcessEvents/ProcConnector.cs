using System.Runtime.InteropServices;
using GpuPlatform.Collector.Processes;
using static GpuPlatform.Collector.Processes.NetlinkNative;

namespace GpuPlatform.Collector.Guard.ProcessEvents;

/// <summary>
/// The kernel's own news of processes (<c>cn_proc</c>). It tells those with the right to administer the network, newer kernels everybody, and only in
/// the host's own namespaces. The buffer is small on purpose: of a thousand programs started at once the first few say all there is to know, and
/// what does not fit costs nobody anything.
/// </summary>
internal sealed unsafe class ProcConnector : IProcessNews
{
    private const uint ProcessGroup = 1;
    private const uint Listen = 1;
    private const uint AckEvent = 0;
    private const uint ExecEvent = 2;
    private const uint ExitEvent = 0x80000000;
    private const ushort LastPart = 3;
    private const int HeaderBytes = 16;
    private const int ConnectorBytes = 20;
    private const int KindAt = HeaderBytes + ConnectorBytes;
    private const int DataAt = KindAt + 16;
    private const int BufferBytes = 16 * 1024;
    private const int AckMilliseconds = 1000;
    private const int MostAtOnce = 1000;

    private readonly int _socket;
    private readonly int _stop;

    private ProcConnector(int socket, int stop) => (_socket, _stop) = (socket, stop);

    /// <summary>Null when the kernel does not tell this process, with the reason.</summary>
    public static ProcConnector? Open(out string? problem)
    {
        problem = null;
        var stop = NewEvent(0, EventCloseOnExecNonBlocking);
        var socket = Socket(NetlinkFamily, DatagramCloseOnExecNonBlocking, ConnectorProtocol);
        var connector = new ProcConnector(socket, stop);
        if (stop >= 0 && socket >= 0 && connector.Subscribe() && (problem = connector.AwaitAnswer()) is null)
            return connector;
        problem ??= Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        connector.Dispose();
        return null;
    }

    public bool Wait(List<ProcessEvent> events)
    {
        while (true)
        {
            if (!Poll(Timeout.Infinite, out var isStopped))
                continue;
            if (isStopped)
                return false;
            Drain(events);
            if (events.Count > 0)
                return true;
        }
    }

    public void Stop()
    {
        var one = 1UL;
        _ = Write(_stop, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        if (_socket >= 0)
            _ = Close(_socket);
        if (_stop >= 0)
            _ = Close(_stop);
    }

    private bool Subscribe()
    {
        var bytes = BufferBytes;
        _ = SetOption(_socket, SocketLevel, ReceiveBuffer, &bytes, sizeof(int));
        var address = new NetlinkAddress { Family = NetlinkFamily, Groups = ProcessGroup };
        return Bind(_socket, &address, (uint)sizeof(NetlinkAddress)) == 0 && Ask([Listen]);
    }

    // Where the process is in a namespace of its own the kernel answers nothing at all
    private string? AwaitAnswer()
    {
        Span<byte> message = stackalloc byte[256];
        var until = Environment.TickCount64 + AckMilliseconds;
        while (until - Environment.TickCount64 is > 0 and var left)
        {
            if (!Poll((int)left, out _))
                continue;
            while (TryReceive(message, out var length))
                if (length >= DataAt + sizeof(uint) && Number(message, KindAt) == AckEvent)
                    return Number(message, DataAt) is 0 ? Narrow() : Marshal.GetPInvokeErrorMessage((int)Number(message, DataAt));
        }
        return "the kernel does not answer; in a container it tells only those in the host's own namespaces";
    }

    // Kernels from 6.6 on send only what was asked for, if asked in this form; older ones overlook it, and send everything
    private string? Narrow() => Ask([Listen, ExecEvent | ExitEvent]) ? null : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private bool Ask(ReadOnlySpan<uint> content)
    {
        Span<byte> message = stackalloc byte[HeaderBytes + ConnectorBytes + content.Length * sizeof(uint)];
        message.Clear();
        Put(message, 0, (uint)message.Length);
        MemoryMarshal.Write(message[4..], LastPart);
        Put(message, HeaderBytes, ProcessGroup);
        Put(message, HeaderBytes + 4, ProcessGroup);
        MemoryMarshal.Write(message[(HeaderBytes + 16)..], (ushort)(content.Length * sizeof(uint)));
        for (var i = 0; i < content.Length; i++)
            Put(message, HeaderBytes + ConnectorBytes + i * sizeof(uint), content[i]);
        fixed (byte* start = message)
            return Send(_socket, start, (nuint)message.Length, 0) == message.Length;
    }

    // The end of a thread comes in the same form as that of a process
    private void Drain(List<ProcessEvent> events)
    {
        Span<byte> message = stackalloc byte[256];
        for (var count = 0; count < MostAtOnce && TryReceive(message, out var length); count++)
        {
            if (length < 0)
                events.AddRange(ProcessEvent.SomeBegan, ProcessEvent.SomeEnded);
            else if (length >= DataAt + 2 * sizeof(uint) && Number(message, KindAt) is (ExecEvent or ExitEvent) and var kind
                && Number(message, DataAt) is var thread && thread == Number(message, DataAt + 4))
                events.Add(new ProcessEvent((int)thread, kind == ExitEvent));
        }
    }

    /// <summary>False when there is nothing. A length of -1: news were lost, which is news too.</summary>
    private bool TryReceive(Span<byte> message, out int length)
    {
        fixed (byte* start = message)
            length = (int)Receive(_socket, start, (nuint)message.Length, 0);
        if (length >= 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            TryAgain or Interrupted => false,
            NoBufferSpace => true,
            var error => throw new IOException(Marshal.GetPInvokeErrorMessage(error)),
        };
    }

    private bool Poll(int timeoutMilliseconds, out bool isStopped)
    {
        var handles = stackalloc PollHandle[] { new() { Handle = _socket, Asked = Readable }, new() { Handle = _stop, Asked = Readable } };
        var count = NetlinkNative.Poll(handles, 2, timeoutMilliseconds);
        if (count < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var error)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        isStopped = count > 0 && handles[1].Told != 0;
        return count > 0;
    }

    // Netlink speaks in the order of bytes of the machine
    private static uint Number(ReadOnlySpan<byte> message, int at) => MemoryMarshal.Read<uint>(message[at..]);

    private static void Put(Span<byte> message, int at, uint value) => MemoryMarshal.Write(message[at..], value);
}
