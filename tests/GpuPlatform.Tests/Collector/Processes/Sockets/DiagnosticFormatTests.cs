using System.Buffers.Binary;
using System.Net;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Processes.Sockets.CapturedAnswers;

namespace GpuPlatform.Tests.Collector.Processes.Sockets;

/// <summary>Numbers in what was captured are in the order of bytes of most machines, so that others have nothing to compare.</summary>
public sealed class DiagnosticFormatTests
{
    public DiagnosticFormatTests() => Assert.SkipUnless(BitConverter.IsLittleEndian, "the captured messages are of a machine with another order of bytes");

    [Theory]
    [InlineData("127.0.0.1", ClientPort, false)]
    [InlineData("::ffff:127.0.0.1", ClientPort, false)]
    [InlineData("::1", NewClientPort, true)]
    public void A_connection_is_asked_for_as_other_programs_ask(string address, int port, bool isNew)
    {
        var question = new byte[DiagnosticFormat.QuestionBytes];
        Array.Fill(question, (byte)0xee);
        DiagnosticFormat.WriteLookUp(question, Sequence, TcpConnection.Of(new IPEndPoint(IPAddress.Parse(address), port), new IPEndPoint(IPAddress.Parse(address), ServerPort)));
        Assert.Equal(isNew ? NewLookUp : LookUp, question);
    }

    [Fact]
    public void A_link_local_address_is_asked_for_on_its_interface()
    {
        var question = new byte[DiagnosticFormat.QuestionBytes];
        var end = new IPEndPoint(IPAddress.Parse("fe80::1%7"), 1);
        DiagnosticFormat.WriteLookUp(question, Sequence, TcpConnection.Of(end, end));
        Assert.Equal(7, BinaryPrimitives.ReadInt32LittleEndian(question.AsSpan(60)));
    }

    [Fact]
    public void Sockets_of_both_kinds_are_read_and_what_the_kernel_adds_is_passed_over()
    {
        var server = Old(ServerPort);
        Assert.Equal(new DiagnosedSocket(Old(ClientPort), server, IsListening: false, 5384772), Only(Client).Socket);
        Assert.Equal(new DiagnosedSocket(Old(DualClientPort), server, IsListening: false, 5384776), Only(DualClient).Socket);
        Assert.Equal(new DiagnosedSocket(new TcpEnd(1, NewClientPort), new TcpEnd(1, ServerPort), IsListening: false, 5384770), Only(NewClient).Socket);
        Assert.Equal(new DiagnosedSocket(new TcpEnd(0, ServerPort), default, IsListening: true, 5384769), Only(Listener).Socket);
        Assert.Equal(0, Only(ClosedClient).Socket!.Value.Inode);
        Assert.Equal((new DiagnosticAnswer(Sequence, null, 2), new DiagnosticAnswer(Sequence, null, 2)), (Only(None), Only(DoneWithError)));
        Assert.Equal(new DiagnosticAnswer(Sequence, null), Only(Done));
    }

    [Fact]
    public void Messages_of_one_datagram_are_read_one_after_the_other_whatever_their_length()
    {
        // Its last attribute cut to an odd length: the next message begins at a multiple of four
        var odd = Client[..91];
        odd[0] = 91;
        byte[] datagram = [.. odd, 0, .. Listener, .. Done];
        Assert.Equal([5384772L, 5384769L, null], Read(datagram).Select(answer => answer.Socket?.Inode));
        Assert.Single(Read(odd));
    }

    [Theory]
    [InlineData(0, 15)] // shorter than its own head
    [InlineData(0, 125)] // longer than what came
    [InlineData(0, 255)]
    [InlineData(3, 0xff)] // a length that is negative to those who do not look
    [InlineData(0, 87)] // too short for a socket
    [InlineData(4, 21)] // another type
    [InlineData(4, 1)]
    [InlineData(4, 3)] // an end with a number that is none of an error
    [InlineData(16, 1)] // another family
    public void What_no_kernel_says_is_refused(int at, byte value)
    {
        var message = Client;
        message[at] = value;
        Assert.Throws<IOException>(() => Read(message));
    }

    [Fact]
    public void An_error_without_an_error_and_an_end_without_a_number_are_refused()
    {
        var acknowledged = None;
        acknowledged.AsSpan(16, 4).Clear();
        Assert.Throws<IOException>(() => Read(acknowledged));
        var bare = Done[..16];
        bare[0] = 16;
        Assert.Throws<IOException>(() => Read(bare));
        var impossible = Done;
        BinaryPrimitives.WriteInt32LittleEndian(impossible.AsSpan(16), int.MinValue);
        Assert.Throws<IOException>(() => Read(impossible));
    }

    [Fact]
    public void Whatever_comes_is_read_to_its_end_or_refused()
    {
        var random = new Random(4711);
        byte[][] real = [Client, NewClient, DualClient, ClosedClient, Listener, None, Done, DoneWithError];
        var (read, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            byte[] datagram = [.. real[random.Next(real.Length)], .. real[random.Next(real.Length)]];
            for (var changes = random.Next(4); changes > 0; changes--) datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            try
            {
                read += Read(datagram[..random.Next(datagram.Length + 1)]).Count > 0 ? 1 : 0;
            }
            catch (IOException)
            {
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} were read and {refused} refused");
    }

    [Fact]
    public void To_read_allocates_nothing()
    {
        byte[] datagram = [.. Client, .. Listener, .. Done];
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            var at = 0;
            while (DiagnosticFormat.TryRead(datagram, ref at, out _))
            {
            }
        }));
    }

    private static TcpEnd Old(int port) => TcpEnd.Of(new IPEndPoint(IPAddress.Loopback, port));

    private static DiagnosticAnswer Only(byte[] message) => Assert.Single(Read(message));

    private static List<DiagnosticAnswer> Read(byte[] datagram)
    {
        var found = new List<DiagnosticAnswer>();
        for (var at = 0; DiagnosticFormat.TryRead(datagram, ref at, out var answer);) found.Add(answer);
        return found;
    }
}
