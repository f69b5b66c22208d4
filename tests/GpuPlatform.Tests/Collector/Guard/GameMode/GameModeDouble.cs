using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using GpuPlatform.Collector.Guard.GameMode;

namespace GpuPlatform.Tests.Collector.Guard.GameMode;

/// <summary>A real bus of its own, and on it a daemon that lists the games a test names.</summary>
internal sealed class GameModeDouble : IAsyncDisposable
{
    public const uint User = 0;
    private const string Program = "/usr/bin/dbus-daemon";

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private Process? _bus;
    private BusConnection? _daemon;
    private Task _answering = Task.CompletedTask;
    private volatile int[] _games = [];

    /// <summary>Why there can be no bus; null when there can.</summary>
    public static string? Missing => !File.Exists(Program) ? $"{Program} is not installed" : !Environment.IsPrivilegedProcess ? "runs as root alone" : null;

    public UnixDomainSocketEndPoint Address => new(Path.Combine(_folder.Path, "bus"));

    public ConcurrentQueue<string> Calls { get; } = new();

    public static byte[] Games(params int[] pids)
    {
        var list = new List<byte>();
        foreach (var pid in pids)
        {
            BusFormat.Align(list, 8);
            BusFormat.Put(list, (uint)pid);
            BusFormat.PutText(list, $"{GameModeWatch.Path}/Games/{pid}");
        }
        var body = new List<byte>();
        BusFormat.Put(body, (uint)list.Count);
        BusFormat.Align(body, 8);
        return [.. body, .. list];
    }

    public async Task StartBusAsync()
    {
        _bus = Process.Start(new ProcessStartInfo(Program, ["--session", "--nofork", "--nopidfile", $"--address=unix:path={Path.Combine(_folder.Path, "bus")}"]))!;
        await GpuPlatform.Tests.Doubles.Until.True(Listens);
    }

    // The file is there a moment before anybody listens on it
    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The daemon comes to the bus, with these games already registered.</summary>
    public async Task StartDaemonAsync(params int[] games)
    {
        _games = games;
        _daemon = await BusConnection.OpenAsync(Address, User, _stop.Token);
        var body = new List<byte>();
        BusFormat.PutText(body, GameModeWatch.Name);
        BusFormat.Put(body, 0);
        await _daemon.SendAsync(new BusMessage
        {
            Type = BusMessageType.Call, Serial = 0, Path = "/org/freedesktop/DBus", Interface = "org.freedesktop.DBus", Member = "RequestName",
            Destination = "org.freedesktop.DBus", Signature = "su", Body = body.ToArray(),
        }, _stop.Token);
        _answering = AnswerAsync(_daemon);
    }

    public async Task RegisterAsync(params int[] games)
    {
        _games = games;
        await _daemon!.SendAsync(new BusMessage
        {
            Type = BusMessageType.Signal, Serial = 0, Path = GameModeWatch.Path, Interface = GameModeWatch.Name, Member = "GameRegistered", Signature = "io",
            Body = Games(games[^1]).AsMemory(8),
        }, _stop.Token);
    }

    public void KillDaemon() => _daemon!.Dispose();

    public void KillBus() => _bus!.Kill();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _daemon?.Dispose();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_bus is { } bus)
        {
            bus.Kill();
            await bus.WaitForExitAsync();
            bus.Dispose();
        }
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task AnswerAsync(BusConnection daemon)
    {
        while (true)
        {
            var call = await daemon.ReceiveAsync(_stop.Token);
            if (call.Type != BusMessageType.Call)
                continue;
            Calls.Enqueue(call.Member!);
            await daemon.SendAsync(new BusMessage
            {
                Type = BusMessageType.Return, Serial = 0, ReplyTo = call.Serial, Destination = call.Sender, Signature = "a(io)", Body = Games(_games),
            }, _stop.Token);
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("gm-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
