using System.Net.Sockets;

namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>
/// Knows the games that are registered with Feral's GameMode on this user's session bus. What is announced there is only the sign to ask for the list,
/// which alone counts; the daemon is never started for it. Begins when somebody listens; a bus that is not there costs a look at a file now and then.
/// </summary>
internal sealed partial class GameModeWatch(Func<IReadOnlyList<UnixDomainSocketEndPoint>> buses, uint userId, TimeProvider clock, ILogger<GameModeWatch> logger)
    : BackgroundService, IGameReports
{
    internal const string Name = "com.feralinteractive.GameMode";
    internal const string Path = "/com/feralinteractive/GameMode";

    private const int MostGames = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _changed;
    private volatile IReadOnlyList<int> _pids = [];
    private string? _problem;

    /// <summary>The registered processes.</summary>
    public IReadOnlyList<int> Pids => _pids;

    /// <summary>Whether a bus is listened to.</summary>
    public bool IsConnected { get; private set; }

    public string? Running => _pids is { Count: > 0 } pids ? $"registered with GameMode: process {string.Join(", ", pids.Take(4))}" : null;

    public event Action? Changed
    {
        add
        {
            _changed += value;
            _listened.TrySetResult();
        }
        remove => _changed -= value;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _listened.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var bus in buses())
                await FollowAsync(bus, stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(UnixDomainSocketEndPoint bus, CancellationToken stoppingToken)
    {
        try
        {
            using var connection = await BusConnection.OpenAsync(bus, userId, stoppingToken);
            await connection.CallBusAsync("AddMatch", stoppingToken, $"type='signal',sender='{Name}',interface='{Name}'");
            await connection.CallBusAsync("AddMatch", stoppingToken, $"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{Name}'");
            var asked = await AskAsync(connection, stoppingToken);
            IsConnected = true;
            _problem = null;
            Log.Connected(logger);
            while (true)
            {
                var message = await connection.ReceiveAsync(stoppingToken);
                if (message.Type == BusMessageType.Signal && message.Member is "GameRegistered" or "GameUnregistered" or "NameOwnerChanged")
                    asked = await AskAsync(connection, stoppingToken);
                else if (message.ReplyTo == asked)
                    Set(message.Type == BusMessageType.Return && message.Signature == "a(io)" ? ReadList(message) : []);
            }
        }
        catch (Exception e)
        {
            // The bus of a session ends with the session; whatever else it does is no reason to end before it
            if (!stoppingToken.IsCancellationRequested && e.Message != _problem)
                Log.Lost(logger, _problem = e.Message);
        }
        IsConnected = false;
        Set([]);
    }

    private static Task<uint> AskAsync(BusConnection connection, CancellationToken cancellation) => connection.SendAsync(new BusMessage
    {
        Type = BusMessageType.Call, Serial = 0, Path = Path, Interface = Name, Member = "ListGames", Destination = Name, NoAutoStart = true,
    }, cancellation);

    internal static IReadOnlyList<int> ReadList(BusMessage message)
    {
        var reader = new BusReader(message.Body.Span, message.IsLittleEndian);
        var (length, pids) = (reader.Number(), new List<int>());
        reader.Align(8);
        var end = reader.Position + length;
        while (reader.Position < end && pids.Count < MostGames)
        {
            reader.Align(8);
            var pid = (int)reader.Number();
            reader.Text();
            if (pid > 0)
                pids.Add(pid);
        }
        return pids;
    }

    private void Set(IReadOnlyList<int> pids)
    {
        if (pids.SequenceEqual(_pids))
            return;
        _pids = pids;
        try
        {
            _changed?.Invoke();
        }
        catch (Exception e)
        {
            Log.NotTaken(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "News of GameMode could not be taken by whoever follows them")]
        public static partial void NotTaken(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "Games that register with GameMode on the session bus are noticed")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Games that register with GameMode are not noticed: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
