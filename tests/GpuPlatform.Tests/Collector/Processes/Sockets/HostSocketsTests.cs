using System.Net;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Processes.Sockets.CapturedAnswers;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

public sealed class HostSocketsTests : IDisposable
{
    private static readonly TcpConnection Asked = TcpConnection.Of(new IPEndPoint(IPAddress.Loopback, ClientPort), new IPEndPoint(IPAddress.Loopback, ServerPort));

    private readonly TemporaryTree _host = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly LogDouble<HostSockets> _log = new();
    private readonly List<KernelDouble> _kernels = [];

    public HostSocketsTests() => _host.Write(
        "proc/net/tcp", $"head\n   0: 0100007F:{ClientPort:X4} 0100007F:{ServerPort:X4} 01 00000000:00000000 00:00000000 00000000  1000        0 42 1\n");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_kernel_is_asked_where_it_answers_and_the_way_to_it_is_kept()
    {
        using var sockets = Sockets(kernel =>
        {
            kernel.Answer(Client);
            kernel.Answer(Client);
        });
        Assert.Equal((5384772, 5384772), (Find(sockets), Find(sockets)));
        Assert.Equal((1, TimeSpan.FromSeconds(1)), (_kernels.Count, sockets.ListenersLast));
        Assert.Equal(["Debug: The kernel is asked for single sockets"], _log.Lines);
        sockets.Dispose();
        Assert.True(_kernels[0].IsClosed);
        Assert.Equal((42, 1), (Find(sockets), _kernels.Count));
    }

    [Fact]
    public void Where_it_cannot_be_asked_the_tables_are_read_and_that_is_told_once()
    {
        using var sockets = new HostSockets(() => throw new IOException("not permitted"), new SocketTables(_host.Root), _log);
        Assert.Equal((42, 42), (Find(sockets), Find(sockets)));
        Assert.Contains("(not permitted)", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.StartsWith("Information: ", _log.Lines[0], StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), sockets.ListenersLast);
    }

    [Fact]
    public void A_question_that_fails_is_answered_from_the_tables_and_the_next_one_asked_anew()
    {
        using var sockets = Sockets(kernel =>
        {
            if (_kernels.Count > 1) kernel.Answer(Client);
        });
        foreach (var expected in (long[])[42, 5384772, 42, 5384772, 42, 5384772, 42]) Assert.Equal(expected, Find(sockets));
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Information", StringComparison.Ordinal));
        Assert.True(_kernels[0].IsClosed);
    }

    [Fact]
    public void A_kernel_that_fails_again_and_again_is_left_alone()
    {
        using var sockets = Sockets(_ => { });
        for (var count = 0; count < 10; count++)
        {
            // That it can say this much is not yet an answer
            Assert.Equal(TimeSpan.FromSeconds(count < 3 ? 1 : 60), sockets.ListenersLast);
            Assert.Equal(42, Find(sockets));
        }
        Assert.Equal((3, true), (_kernels.Count, _kernels.All(kernel => kernel.IsClosed)));
        Assert.Single(_log.Lines, line => line.StartsWith("Information", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_are_not_of_this_process_network_are_read_as_they_are()
    {
        Assert.False(HostSockets.IsOwnNetwork(_host.Root));
        _host.Link("proc/self/ns/net", "net:[1]");
        Assert.False(HostSockets.IsOwnNetwork(_host.Root));
        using var sockets = new HostSockets(_host.Root, _clock, _log);
        Assert.Equal(42, Find(sockets));
    }

    [Fact]
    public void The_hosts_own_files_under_another_folder_are_of_this_process_network()
    {
        Assert.SkipUnless(new FileInfo("/proc/self/ns/net").LinkTarget is not null, "there is no /proc");
        Assert.True(HostSockets.IsOwnNetwork("/"));
        _host.Remove("proc");
        _host.Link("proc", "/proc");
        Assert.True(HostSockets.IsOwnNetwork(_host.Root));
    }

    private static long Find(HostSockets sockets) => Assert.Single(sockets.Find([Asked])).Value;

    private HostSockets Sockets(Action<KernelDouble> arrange) => new(
        () =>
        {
            var kernel = new KernelDouble(_clock);
            _kernels.Add(kernel);
            arrange(kernel);
            return new SocketDiagnostics(kernel, _clock);
        },
        new SocketTables(_host.Root), _log);
}
