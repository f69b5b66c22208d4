using System.Net.Sockets;
using GpuPlatform.Collector.Guard.GameMode;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Guard.GameMode;

public sealed class GameModeWatchTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Games_are_known_from_their_registration_to_their_end_on_a_real_bus()
    {
        Assert.SkipWhen(GameModeDouble.Missing is not null, GameModeDouble.Missing ?? "");
        await using var mode = new GameModeDouble();
        await mode.StartBusAsync();
        await mode.StartDaemonAsync(4711);
        using var watch = Watch(mode.Address);
        watch.Changed += () => { };
        await watch.StartAsync(CancellationToken.None);

        await Until.True(() => watch.Pids is [4711]);
        Assert.Equal("registered with GameMode: process 4711", watch.Running);
        await mode.RegisterAsync(4711, 4712);
        await Until.True(() => watch.Pids is [4711, 4712]);
        mode.KillDaemon();
        await Until.True(() => watch.Pids.Count == 0);
        Assert.Null(watch.Running);
        await mode.StartDaemonAsync(4713);
        await Until.True(() => watch.Pids is [4713]);
        await watch.StopAsync(CancellationToken.None);
        Assert.All(mode.Calls, call => Assert.Equal("ListGames", call));
    }

    [Fact]
    public async Task A_bus_that_ends_takes_its_games_with_it_and_is_looked_for_again()
    {
        Assert.SkipWhen(GameModeDouble.Missing is not null, GameModeDouble.Missing ?? "");
        await using var mode = new GameModeDouble();
        await mode.StartBusAsync();
        await mode.StartDaemonAsync(4711);
        using var watch = Watch(mode.Address);
        watch.Changed += () => { };
        await watch.StartAsync(CancellationToken.None);
        await Until.True(() => watch.Pids is [4711]);

        mode.KillBus();

        await Until.True(() => watch.Pids.Count == 0 && !watch.IsConnected && _clock.PendingTimerCount > 0);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Nothing_is_connected_to_until_somebody_listens()
    {
        var looks = 0;
        using var watch = new GameModeWatch(() =>
        {
            looks++;
            return [];
        }, GameModeDouble.User, _clock, NullLogger<GameModeWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        Assert.Equal(0, looks);

        watch.Changed += () => { };

        await Until.True(() => _clock.PendingTimerCount > 0);
        Assert.Equal(1, looks);
        await watch.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request and no end of the line that a bus would")]
    [InlineData("OK 1234\r\nthis is no message, but long enough to be taken for one")]
    internal async Task Whoever_is_behind_the_socket_is_survived(string answer)
    {
        using var folder = new TemporaryTree();
        var address = new UnixDomainSocketEndPoint(Path.Combine(folder.Root, "bus"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        using var watch = Watch(address);
        watch.Changed += () => { };
        await watch.StartAsync(CancellationToken.None);

        using (var bus = await listener.AcceptAsync(TestContext.Current.CancellationToken))
            await bus.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);

        await Until.True(() => _clock.PendingTimerCount > 0);
        Assert.False(watch.IsConnected);
        await watch.StopAsync(CancellationToken.None);
    }

    private GameModeWatch Watch(UnixDomainSocketEndPoint bus) => new(() => [bus], GameModeDouble.User, _clock, NullLogger<GameModeWatch>.Instance);
}
