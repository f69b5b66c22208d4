using System.Buffers.Text;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>What an open file under <c>/proc/PID/fd</c> leads to when it is a socket: <c>socket:[INODE]</c>.</summary>
internal static class SocketLink
{
    private static ReadOnlySpan<byte> Prefix => "socket:["u8;

    /// <summary>Null when it is none.</summary>
    public static long? InodeOf(ReadOnlySpan<byte> target) =>
        target.StartsWith(Prefix) && Utf8Parser.TryParse(target[Prefix.Length..], out long inode, out _) ? inode : null;
}
