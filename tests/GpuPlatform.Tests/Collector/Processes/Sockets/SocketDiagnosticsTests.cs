using System.Buffers.Binary;
using System.Net;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Processes.Sockets.CapturedAnswers;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

/// <summary>What is made of the answers of a kernel, of one that is ill as well.</summary>
public sealed class SocketDiagnosticsTests : IDisposable
{
    private static readonly HashSet<int> Ports = [ServerPort];

    private readonly ManualTimeProvider _clock = new();
    private readonly KernelDouble _kernel;
    private readonly SocketDiagnostics _diagnostics;

    public SocketDiagnosticsTests() => _diagnostics = new SocketDiagnostics(_kernel = new KernelDouble(_clock), _clock);

    public void Dispose()
    {
        _diagnostics.Dispose();
        Assert.True(_kernel.IsClosed);
    }

    [Fact]
    public void The_clients_socket_is_found_of_whichever_kind_it_is()
    {
        foreach (var answer in (byte[][])[Client, DualClient, NewClient]) _kernel.Answer(answer);
        var found = _diagnostics.Find([Old(ClientPort), Old(DualClientPort), Connection("::1", NewClientPort)]);
        Assert.Equal([5384772, 5384776, 5384770], found.Values);
    }

    [Fact]
    public void One_that_is_gone_closed_or_another_is_left_out_and_the_next_is_asked_for()
    {
        foreach (var answer in (byte[][])[None, ClosedClient, Listener, DualClient, Client]) _kernel.Answer(answer);
        var found = _diagnostics.Find([Old(1), Old(DualClientPort), Old(ServerPort), Old(2), Old(ClientPort)]);
        Assert.Equal([KeyValuePair.Create(Old(ClientPort), 5384772L)], found);
    }

    [Fact]
    public void Listeners_are_read_of_both_kinds_to_the_end_of_their_lists()
    {
        var other = Inode(Listener, 42);
        BinaryPrimitives.WriteUInt16BigEndian(other.AsSpan(20), ServerPort + 1);
        _kernel.Answer([.. other, .. Listener], [.. Inode(Listener, 0), .. Inode(Client, 43), .. Inode(Listener, 44)], Done);
        _kernel.Answer(Inode(Listener, 45), Done);
        Assert.Equal(new() { [5384769] = ServerPort, [44] = ServerPort, [45] = ServerPort }, _diagnostics.Listening(Ports));
        Assert.Equal([2, 10], _kernel.Families);
    }

    [Fact]
    public void What_was_meant_for_an_earlier_question_is_none_of_this_ones()
    {
        var late = Client;
        late[8] = 200;
        _kernel.IsPunctual = false;
        var right = Inode(Client, 9);
        right[8] = 1;
        _kernel.Answer(late, [], right);
        Assert.Equal(9, Assert.Single(_diagnostics.Find([Old(ClientPort)])).Value);
    }

    [Fact]
    public void A_kernel_that_says_nothing_is_not_waited_for_for_long()
    {
        var began = _clock.GetTimestamp();
        _kernel.Answer();
        Assert.Throws<IOException>(() => _diagnostics.Find([Old(ClientPort)]));
        Assert.InRange(_clock.GetElapsedTime(began), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_list_without_an_end_has_one()
    {
        _kernel.Answer((byte[])[.. Listener, .. Listener]);
        _kernel.RepeatsLast = true;
        Assert.Throws<IOException>(() => _diagnostics.Listening(Ports));
        Assert.InRange(_kernel.ReceiveCount, 1000, 100_000);
    }

    [Fact]
    public void A_list_that_ends_with_an_error_and_a_refused_question_are_failures_not_empty()
    {
        _kernel.Answer(DoneWithError);
        Assert.Throws<IOException>(() => _diagnostics.Listening(Ports));
        var refused = None;
        BinaryPrimitives.WriteInt32LittleEndian(refused.AsSpan(16), -13);
        _kernel.Answer(refused);
        Assert.Contains("ermission", Assert.Throws<IOException>(() => _diagnostics.Find([Old(ClientPort)])).Message, StringComparison.Ordinal);
        _kernel.Answer(Client[..50]);
        Assert.Throws<IOException>(() => _diagnostics.Find([Old(ClientPort)]));
    }

    [Fact]
    public void A_list_of_many_allocates_little()
    {
        byte[] datagram = [.. Enumerable.Repeat(Inode(Listener, 45), 200).SelectMany(message => message)];
        var parts = Enumerable.Repeat(datagram, 50).Append(Done).ToArray();
        Assert.InRange(
            Allocated.Bytes(() =>
            {
                _kernel.Answer(parts);
                _kernel.Answer(parts);
                _diagnostics.Listening(Ports);
            }),
            0, 20_000);
    }

    private static TcpConnection Old(int port) => Connection("127.0.0.1", port);

    private static TcpConnection Connection(string address, int port) =>
        TcpConnection.Of(new IPEndPoint(IPAddress.Parse(address), port), new IPEndPoint(IPAddress.Parse(address), ServerPort));

    private static byte[] Inode(byte[] message, uint inode)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(84), inode);
        return message;
    }
}
