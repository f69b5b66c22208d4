using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class SocketHoldersTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

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

    private void Holds(int pid, int handle, string target) => _tree.Link($"proc/{pid}/fd/{handle}", target);

    /// <summary>Half a second passes with every look at it.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 2;

        public override long GetTimestamp() => _now++;
    }
}
