using System.Net;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class SocketSearchTests : IDisposable
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
    public void A_table_of_any_length_and_with_anything_in_it_is_read()
    {
        var noise = string.Concat(Enumerable.Range(0, 3000).Select(i => Row($"0100007F:{i % 0xFFFF:X4}", "0100007F:1F90", i)));
        _tree.Write("proc/net/tcp", Head + noise + ":::\n\n   \nx\n" + Row("zz:D431", "0100007F:2CAB", 9) + Row("0100007F:D431", ":2CAB", 9) + new string('9', 200_000) + "\n"
            + Row("0100007F:D431", "0100007F:2CAB", 0) + Row("0100007F:D431", "0100007F:2CAB", 77) + "   1: 0100007F:D431 0100007F:2CAB 01");
        Assert.Equal(77, Find("127.0.0.1", "127.0.0.1"));
    }

    [Fact]
    public void Without_tables_nothing_is_found() => Assert.Null(Find("127.0.0.1", "127.0.0.1"));

    [Fact]
    public void The_holder_is_found_the_collector_itself_left_out_and_whoever_was_found_before_looked_at_first()
    {
        _tree.Link("proc/self", "900");
        Holds(900, 3, "socket:[42]");
        Holds(30, 3, "socket:[41]");
        Holds(70, 0, "/dev/null");
        Holds(70, 5, "socket:[42]");
        Holds(80, 5, "socket:[421]");
        for (var pid = 1000; pid < 1100; pid++) Holds(pid, 0, "pipe:[42]");
        var holders = new SocketHolders(_tree.Root, TimeProvider.System);

        Assert.Equal([KeyValuePair.Create(42L, 70)], holders.Find([42, 4711]));
        Assert.Equal([KeyValuePair.Create(42L, 70)], holders.Find([42]));
        Assert.Equal((1, false), (holders.LookCount, holders.WasDenied));
    }

    [Fact]
    public void A_search_that_takes_too_long_ends()
    {
        for (var pid = 1000; pid < 1100; pid++) Holds(pid, 0, "pipe:[1]");
        var clock = new HurriedClock();
        var holders = new SocketHolders(_tree.Root, clock);
        Assert.Empty(holders.Find([42]));
        Assert.InRange(holders.LookCount, 1, 10);
    }

    private long? Find(string client, string proxy)
    {
        var connection = new ClientConnection("c1", new IPEndPoint(IPAddress.Parse(client), 0xD431), new IPEndPoint(IPAddress.Parse(proxy), 0x2CAB));
        return new LoopbackSockets(_tree.Root).Find([connection]).TryGetValue(connection, out var inode) ? inode : null;
    }

    private void Table(string name, params string[] rows) => _tree.Write($"proc/net/{name}", Head + string.Concat(rows));

    private void Holds(int pid, int handle, string target) => _tree.Link($"proc/{pid}/fd/{handle}", target);

    private static string Row(string local, string remote, long inode) =>
        $"   0: {local} {remote} 01 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0000000000000000 20 4 30 10 -1\n";

    /// <summary>Half a second passes with every look at it.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 2;

        public override long GetTimestamp() => _now++;
    }
}
