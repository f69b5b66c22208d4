using System.Buffers.Text;
using System.Globalization;
using System.Net;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>
/// Finds the other end of connections within this host in the kernel's tables of sockets, <c>/proc/net/tcp</c> and <c>tcp6</c>. A client whose socket is
/// of the new kind may stand in the second table though it speaks the old protocol.
/// </summary>
internal sealed class LoopbackSockets(string root)
{
    // Some hundred thousand sockets; who has more gets no names, not a collector that is busy with them
    private const long MostBytes = 64 << 20;
    private const int LocalField = 1;
    private const int RemoteField = 2;
    private const int InodeField = 9;

    private readonly string[] _tables = [Path.Combine(root, "proc/net/tcp"), Path.Combine(root, "proc/net/tcp6")];
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>The inodes of the clients' sockets; a connection that is gone has none.</summary>
    public Dictionary<ClientConnection, long> Find(IReadOnlyCollection<ClientConnection> connections)
    {
        var found = new Dictionary<ClientConnection, long>();
        var wanted = connections.ToLookup(connection => connection.Remote.Port);
        foreach (var table in _tables)
            if (found.Count < connections.Count)
                Read(table, wanted, found);
        return found;
    }

    private void Read(string path, ILookup<int, ClientConnection> wanted, Dictionary<ClientConnection, long> found)
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
                    Match(lines[..end], wanted, found);
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

    private static void Match(ReadOnlySpan<byte> line, ILookup<int, ClientConnection> wanted, Dictionary<ClientConnection, long> found)
    {
        Span<Range> fields = stackalloc Range[InodeField + 2];
        if (Fields(line, fields) <= InodeField) return;
        var local = line[fields[LocalField]];
        if (PortOf(local) is not { } port || !wanted.Contains(port) || AddressOf(local) is not { } localAddress) return;
        var remote = line[fields[RemoteField]];
        if (PortOf(remote) is not { } remotePort || AddressOf(remote) is not { } remoteAddress) return;
        // One that is closing belongs to nobody: 0
        if (!Utf8Parser.TryParse(line[fields[InodeField]], out long inode, out _) || inode <= 0) return;
        foreach (var connection in wanted[port])
            if (connection.Local.Port == remotePort && connection.Remote.Address.Equals(localAddress) && connection.Local.Address.Equals(remoteAddress))
                found[connection] = inode;
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

    private static int? PortOf(ReadOnlySpan<byte> endpoint) =>
        endpoint.IndexOf((byte)':') is var colon and > 0 && int.TryParse(endpoint[(colon + 1)..], NumberStyles.AllowHexSpecifier, null, out var port) ? port : null;

    // Words of 32 bits, each as it lies in memory
    private static IPAddress? AddressOf(ReadOnlySpan<byte> endpoint)
    {
        var digits = endpoint[..endpoint.IndexOf((byte)':')];
        if (digits.Length is not (8 or 32)) return null;
        Span<byte> bytes = stackalloc byte[digits.Length / 2];
        for (var word = 0; word < digits.Length / 8; word++)
            if (!uint.TryParse(digits.Slice(8 * word, 8), NumberStyles.AllowHexSpecifier, null, out var value) || !BitConverter.TryWriteBytes(bytes[(4 * word)..], value))
                return null;
        return ClientConnection.Plain(new IPAddress(bytes));
    }
}
