using System.Net;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

public sealed class SocketTablesTests : IDisposable
{
    private const string Head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_clients_end_is_found_and_not_the_proxys()
    {
        Table("tcp", Row("0100007F:2CAB", "0100007F:D431", 41), Row("0100007F:D431", "0100007F:2CAB", 42), Row("0100007F:D431", "0100007F:1F90", 43));
        Assert.Equal(42, Find("127.0.0.1", "127.0.0.1"));
    }

    [Fact]
    public void Protocols_are_told_apart_and_the_old_one_is_known_in_the_new_ones_table()
    {
        Table("tcp6", Row("00000000000000000000000001000000:D431", "00000000000000000000000001000000:2CAB", 51),
            Row("0000000000000000FFFF00000100007F:D431", "0000000000000000FFFF00000100007F:2CAB", 52));
        Assert.Equal(51, Find("::1", "::1"));
        Assert.Equal(52, Find("127.0.0.1", "127.0.0.1"));
    }

    [Fact]
    public void A_link_local_address_is_found_though_the_table_names_no_interface()
    {
        Table("tcp6", Row("000080FE000000000000000001000000:D431", "000080FE000000000000000001000000:2CAB", 53));
        Assert.Equal(53, Find("fe80::1%7", "fe80::1%7"));
    }

    [Fact]
    public void A_table_of_any_length_and_with_anything_in_it_is_read()
    {
        var noise = string.Concat(Enumerable.Range(0, 3000).Select(i => Row($"0100007F:{i % 0xFFFF:X4}", "0100007F:1F90", i)));
        _tree.Write("proc/net/tcp", Head + noise + ":::\n\n   \nx\n" + Row("zz:D431", "0100007F:2CAB", 9) + Row("0100007F:D431", ":2CAB", 9) + new string('9', 200_000) + "\n"
            + Row("0100007F:D431", "0100007F:2CAB", 0) + Row("0100007F:1D431", "0100007F:2CAB", 9) + Row("0100007F:D431", "0100007F:2CAB", 77) + "   1: 0100007F:D431 0100007F:2CAB 01");
        Assert.Equal(77, Find("127.0.0.1", "127.0.0.1"));
    }

    [Fact]
    public void Without_tables_nothing_is_found()
    {
        Assert.Null(Find("127.0.0.1", "127.0.0.1"));
        Assert.Empty(new SocketTables(_tree.Root).Listening(new HashSet<int> { 8000 }));
    }

    [Fact]
    public void Who_listens_is_found_in_both_tables()
    {
        Table("tcp", Row("0100007F:1F40", "00000000:0000", 61, "0A"), Row("0100007F:1F40", "0100007F:2CAB", 62), Row("0100007F:1F41", "00000000:0000", 63, "0A"));
        Table("tcp6", Row("00000000000000000000000000000000:1F40", "00000000000000000000000000000000:0000", 64, "0A"));
        Assert.Equal(new() { [61] = 8000, [64] = 8000 }, new SocketTables(_tree.Root).Listening(new HashSet<int> { 8000 }));
    }

    private long? Find(string client, string proxy)
    {
        var connection = TcpConnection.Of(new IPEndPoint(IPAddress.Parse(client), 0xD431), new IPEndPoint(IPAddress.Parse(proxy), 0x2CAB));
        return new SocketTables(_tree.Root).Find([connection]).TryGetValue(connection, out var inode) ? inode : null;
    }

    private void Table(string name, params string[] rows) => _tree.Write($"proc/net/{name}", Head + string.Concat(rows));

    private static string Row(string local, string remote, long inode, string state = "01") =>
        $"   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0000000000000000 20 4 30 10 -1\n";
}
