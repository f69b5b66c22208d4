using System.Buffers.Text;
using System.Globalization;

namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>
/// Finds sockets in the kernel's tables <c>/proc/net/tcp</c> and <c>tcp6</c>. To make them the kernel looks through the places of all connections, used or not:
/// where there is room for many that takes ten milliseconds and more. Used by one thread at a time.
/// </summary>
internal sealed class SocketTables(string root) : ITcpSockets
{
    // Some hundred thousand sockets; who has more gets no names, not a collector that is busy with them
    private const long MostBytes = 64 << 20;
    private const int LocalField = 1;
    private const int RemoteField = 2;
    private const int StateField = 3;
    private const int InodeField = 9;

    private readonly string[] _tables = [Path.Combine(root, "proc/net/tcp"), Path.Combine(root, "proc/net/tcp6")];
    private readonly byte[] _buffer = new byte[64 << 10];

    private delegate void LineReader(ReadOnlySpan<byte> line);

    public TimeSpan ListenersLast { get; } = TimeSpan.FromMinutes(1);

    /// <summary>A client whose socket is of the new kind may stand in the second table though it speaks the old protocol.</summary>
    public Dictionary<TcpConnection, long> Find(IReadOnlyCollection<TcpConnection> connections)
    {
        var found = new Dictionary<TcpConnection, long>();
        var wanted = connections.ToLookup(connection => connection.Local.Port);
        foreach (var table in _tables)
            if (found.Count < connections.Count)
                Read(table, line => Match(line, wanted, found));
        return found;
    }

    public Dictionary<long, int> Listening(IReadOnlySet<int> ports)
    {
        var found = new Dictionary<long, int>();
        foreach (var table in _tables)
            Read(table, line => Match(line, ports, found));
        return found;
    }

    private void Read(string path, LineReader take)
    {
        using var file = ProcFiles.Open(path);
        if (file is null) return;
        try
        {
            var (offset, held) = (0L, 0);
            while (offset < MostBytes && RandomAccess.Read(file, _buffer.AsSpan(held), offset) is var read and > 0)
            {
                offset += read;
                var lines = _buffer.AsSpan(0, held + read);
                while (lines.IndexOf((byte)'\n') is var end and >= 0)
                {
                    take(lines[..end]);
                    lines = lines[(end + 1)..];
                }
                // A line that fills the whole buffer is none of the kernel's
                held = lines.Length < _buffer.Length ? lines.Length : 0;
                lines[..held].CopyTo(_buffer);
            }
        }
        catch (IOException)
        {
            // What was read of it counts
        }
    }

    private static void Match(ReadOnlySpan<byte> line, ILookup<int, TcpConnection> wanted, Dictionary<TcpConnection, long> found)
    {
        Span<Range> fields = stackalloc Range[InodeField + 2];
        if (Fields(line, fields) <= InodeField || PortOf(line[fields[LocalField]]) is not { } port || !wanted.Contains(port)) return;
        if (EndOf(line[fields[LocalField]]) is not { } local || EndOf(line[fields[RemoteField]]) is not { } remote || InodeOf(line[fields[InodeField]]) is not { } inode) return;
        foreach (var connection in wanted[port])
            if (connection.Local == local && connection.Remote == remote)
                found[connection] = inode;
    }

    private static void Match(ReadOnlySpan<byte> line, IReadOnlySet<int> ports, Dictionary<long, int> found)
    {
        Span<Range> fields = stackalloc Range[InodeField + 2];
        if (Fields(line, fields) <= InodeField || !line[fields[StateField]].SequenceEqual("0A"u8)) return;
        if (PortOf(line[fields[LocalField]]) is { } port && ports.Contains(port) && InodeOf(line[fields[InodeField]]) is { } inode)
            found[inode] = port;
    }

    private static int Fields(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var count = 0;
        for (var at = 0; at < line.Length && count < fields.Length;)
        {
            if (line[at] == (byte)' ')
            {
                at++;
                continue;
            }
            var length = line[at..].IndexOf((byte)' ');
            var end = length < 0 ? line.Length : at + length;
            fields[count++] = at..end;
            at = end;
        }
        return count;
    }

    // One that is closing belongs to nobody: 0
    private static long? InodeOf(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long inode, out _) && inode > 0 ? inode : null;

    private static int? PortOf(ReadOnlySpan<byte> end) =>
        end.IndexOf((byte)':') is var colon and > 0 && ushort.TryParse(end[(colon + 1)..], NumberStyles.AllowHexSpecifier, null, out var port) ? port : null;

    // Words of 32 bits, each as it lies in memory
    private static TcpEnd? EndOf(ReadOnlySpan<byte> end)
    {
        var length = end.IndexOf((byte)':');
        if (length is not (8 or 32) || PortOf(end) is not { } port) return null;
        Span<byte> bytes = stackalloc byte[length / 2];
        for (var word = 0; word < length / 8; word++)
            if (!uint.TryParse(end.Slice(8 * word, 8), NumberStyles.AllowHexSpecifier, null, out var value) || !BitConverter.TryWriteBytes(bytes[(4 * word)..], value))
                return null;
        return new TcpEnd(TcpEnd.AddressOf(bytes), port);
    }
}
