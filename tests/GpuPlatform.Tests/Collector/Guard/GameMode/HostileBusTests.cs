using System.Net.Sockets;
using System.Text;
using GpuPlatform.Collector.Guard.GameMode;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Guard.GameMode;

/// <summary>A bus, and others on it, that do not keep to the rules.</summary>
public sealed class HostileBusTests : IDisposable
{
    private readonly TemporaryTree _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly GameModeWatch _watch;

    public HostileBusTests()
    {
        var address = new UnixDomainSocketEndPoint(Path.Combine(_folder.Root, "bus"));
        _listener.Bind(address);
        _listener.Listen();
        _watch = new GameModeWatch(() => [address], 0, _clock, NullLogger<GameModeWatch>.Instance);
        _watch.Changed += () => { };
    }

    public void Dispose()
    {
        _watch.Dispose();
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_that_does_not_hold_together_costs_itself_alone()
    {
        await _watch.StartAsync(CancellationToken.None);
        await using var bus = await Bus.AcceptAsync(_listener);
        await bus.AnswerListAsync(GameModeDouble.Games(4711));
        await Until.True(() => _watch.Pids is [4711]);
        var broken = Signal("GameRegistered");
        // A header field of a type that nobody has heard of
        broken[18] = (byte)'x';
        await bus.SendAsync(broken);
        var cut = Signal("GameRegistered");
        // A text that is longer than the whole message
        cut[20] = 0xff;
        await bus.SendAsync(cut);

        await bus.SendAsync(Signal("GameRegistered"));
        await bus.AnswerListAsync(GameModeDouble.Games(4711, 4712));

        await Until.True(() => _watch.Pids is [4711, 4712]);
        Assert.True(_watch.IsConnected);
        await _watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_list_that_is_none_is_no_list_and_the_next_one_counts()
    {
        await _watch.StartAsync(CancellationToken.None);
        await using var bus = await Bus.AcceptAsync(_listener);
        await bus.AnswerListAsync(GameModeDouble.Games(4711));
        await Until.True(() => _watch.Pids is [4711]);
        await bus.SendAsync(Signal("GameRegistered"));
        await bus.AnswerListAsync([0xff, 0xff, 0, 0]);
        await Until.True(() => _watch.Pids.Count == 0);

        await bus.SendAsync(Signal("GameRegistered"));
        await bus.AnswerListAsync(GameModeDouble.Games(4712));

        await Until.True(() => _watch.Pids is [4712]);
        await _watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_daemon_that_hangs_does_not_keep_its_games_registered_for_ever()
    {
        await _watch.StartAsync(CancellationToken.None);
        await using var bus = await Bus.AcceptAsync(_listener);
        await bus.AnswerListAsync(GameModeDouble.Games(4711));
        await Until.True(() => _watch.Pids is [4711]);

        await Until.True(() => _clock.PendingTimerCount > 0);
        _clock.Advance(GameModeWatch.Patience);
        await bus.AwaitListCallAsync();
        Assert.Equal([4711], _watch.Pids);
        await Until.True(() => _clock.PendingTimerCount > 0);
        _clock.Advance(GameModeWatch.Patience);

        await Until.True(() => _watch.Pids.Count == 0);
        await _watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Whoever_accepts_and_says_nothing_is_left_and_tried_again()
    {
        await _watch.StartAsync(CancellationToken.None);
        using var silent = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        await Until.True(() => _clock.PendingTimerCount > 0);

        _clock.Advance(GameModeWatch.Patience);
        // It is left, and the next try comes soon
        Assert.True(await ReadsEndAsync(silent));
        await Until.True(() => _clock.PendingTimerCount > 0);
        _clock.Advance(TimeSpan.FromSeconds(1));

        using var again = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        await _watch.StopAsync(CancellationToken.None);
    }

    private static async Task<bool> ReadsEndAsync(Socket socket)
    {
        var buffer = new byte[256];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
        return true;
    }

    private static byte[] Signal(string member) => BusFormat.Write(new BusMessage
    {
        Type = BusMessageType.Signal, Serial = 9, Path = GameModeWatch.Path, Interface = GameModeWatch.Name, Member = member,
    });

    /// <summary>The side of the bus, by hand.</summary>
    private sealed class Bus : IAsyncDisposable
    {
        private readonly NetworkStream _stream;

        private Bus(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

        public static async Task<Bus> AcceptAsync(Socket listener)
        {
            var bus = new Bus(await listener.AcceptAsync(TestContext.Current.CancellationToken));
            await bus.LineAsync();
            await bus.SendAsync(Encoding.ASCII.GetBytes("OK 1234\r\n"));
            await bus.LineAsync();
            await bus.AnswerAsync("Hello", "", []);
            return bus;
        }

        public ValueTask SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

        public Task AnswerListAsync(byte[] body) => AnswerAsync("ListGames", "a(io)", body);

        public async Task<uint> AwaitListCallAsync() => (await CallAsync("ListGames")).Serial;

        public ValueTask DisposeAsync() => _stream.DisposeAsync();

        private async Task AnswerAsync(string member, string signature, byte[] body)
        {
            var call = await CallAsync(member);
            await SendAsync(BusFormat.Write(new BusMessage { Type = BusMessageType.Return, Serial = 1, ReplyTo = call.Serial, Signature = signature, Body = body }));
        }

        private async Task<BusMessage> CallAsync(string member)
        {
            while (true)
            {
                var start = new byte[BusFormat.FixedBytes];
                await _stream.ReadExactlyAsync(start, TestContext.Current.CancellationToken);
                var message = new byte[BusFormat.Length(start)];
                start.CopyTo(message, 0);
                await _stream.ReadExactlyAsync(message.AsMemory(start.Length), TestContext.Current.CancellationToken);
                if (BusFormat.Read(message) is { } call && call.Member == member)
                    return call;
            }
        }

        private async Task LineAsync()
        {
            var one = new byte[1];
            while (one[0] != '\n') await _stream.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
        }
    }
}
