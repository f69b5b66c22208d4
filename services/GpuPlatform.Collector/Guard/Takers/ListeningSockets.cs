using System.Buffers.Text;
using System.Globalization;
using System.Text;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Guard;

/// <summary>Sockets of this host on which somebody listens, from the kernel's tables <c>/proc/net/tcp</c> and <c>tcp6</c>.</summary>
internal static class ListeningSockets
{
    // Listening sockets come first in these tables
    private const int MostBytes = 1 << 20;
    private const int LocalField = 1;
    private const int StateField = 3;
    private const int InodeField = 9;
    private const string Listening = "0A";

    /// <summary>Inodes of the sockets by the port they listen on.</summary>
    public static Dictionary<long, int> Find(string root, IReadOnlySet<int> ports)
    {
        var found = new Dictionary<long, int>();
        var buffer = new byte[MostBytes];
        foreach (var table in (string[])["proc/net/tcp", "proc/net/tcp6"])
            foreach (var line in Encoding.ASCII.GetString(ProcFiles.Read(Path.Combine(root, table), buffer)).Split('\n'))
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > InodeField } fields && fields[StateField] == Listening
                    && PortOf(fields[LocalField]) is { } port && ports.Contains(port) && long.TryParse(fields[InodeField], CultureInfo.InvariantCulture, out var inode) && inode > 0)
                    found[inode] = port;
        return found;
    }

    private static int? PortOf(string endpoint) =>
        endpoint.LastIndexOf(':') is var colon and > 0 && int.TryParse(endpoint.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>The inode a link of the form <c>socket:[…]</c> leads to; null when it is none.</summary>
    public static long? InodeOf(ReadOnlySpan<byte> target) =>
        target.StartsWith("socket:["u8) && Utf8Parser.TryParse(target["socket:["u8.Length..], out long inode, out _) ? inode : null;
}
