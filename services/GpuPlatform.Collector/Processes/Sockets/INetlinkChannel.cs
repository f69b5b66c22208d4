namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>The way to the kernel and back. Both directions throw an <see cref="IOException"/> when it is closed.</summary>
internal interface INetlinkChannel : IDisposable
{
    void Send(ReadOnlySpan<byte> question);

    /// <summary>The length of the next datagram, which was put into the buffer; 0 when none came in that time. One that does not fit is an <see cref="IOException"/>.</summary>
    int Receive(Span<byte> buffer, TimeSpan patience);
}
