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
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long whoever is asked may take to answer, and games that are registered are believed in without asking again.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var bus in buses())
                // A game goes on while its bus is away for a moment
                if (await FollowAsync(bus, stoppingToken))
                    pause = FirstPause;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Until it ends: whether it was a bus at all.</summary>
    private async Task<bool> FollowAsync(UnixDomainSocketEndPoint bus, CancellationToken stoppingToken)
    {
        var wasConnected = false;
        try
        {
            using var connection = await OpenAsync(bus, stoppingToken);
            await connection.CallBusAsync("AddMatch", stoppingToken, $"type='signal',sender='{Name}',interface='{Name}'");
            await connection.CallBusAsync("AddMatch", stoppingToken, $"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{Name}'");
            IsConnected = wasConnected = true;
            _problem = null;
            Log.Connected(logger);
            await ListenAsync(connection, stoppingToken);
        }
        catch (Exception e)
        {
            // The bus of a session ends with the session; whatever else it does is no reason to end before it
            if (!stoppingToken.IsCancellationRequested && e.Message != _problem)
                Log.Lost(logger, _problem = e.Message);
        }
        IsConnected = false;
        Set([]);
        return wasConnected;
    }

    // Whoever accepts connections and says nothing must not be waited for while another bus may be the right one
    private async Task<BusConnection> OpenAsync(UnixDomainSocketEndPoint bus, CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        return await BusConnection.OpenAsync(bus, userId, either.Token);
    }

    private async Task ListenAsync(BusConnection connection, CancellationToken stoppingToken)
    {
        uint? asked = await AskAsync(connection, stoppingToken);
        var receiving = connection.ReceiveAsync(stoppingToken);
        for (var hasNews = false; ;)
        {
            BusMessage message;
            try
            {
                message = await receiving.WaitAsync(Patience, clock, stoppingToken);
            }
            catch (TimeoutException)
            {
                // One that does not answer any more says nothing of games either
                if (asked is not null)
                    Set([]);
                asked = _pids.Count > 0 ? await AskAsync(connection, stoppingToken) : null;
                continue;
            }
            receiving = connection.ReceiveAsync(stoppingToken);
            if (message.ReplyTo > 0 && message.ReplyTo == asked)
            {
                asked = null;
                Set(ReadList(message));
            }
            hasNews |= message is { Type: BusMessageType.Signal, Member: "GameRegistered" or "GameUnregistered" or "NameOwnerChanged" };
            // However many signals come, one question at a time
            if (hasNews && asked is null)
                (hasNews, asked) = (false, await AskAsync(connection, stoppingToken));
        }
    }

    private static Task<uint> AskAsync(BusConnection connection, CancellationToken cancellation) => connection.SendAsync(new BusMessage
    {
        Type = BusMessageType.Call, Serial = 0, Path = Path, Interface = Name, Member = "ListGames", Destination = Name, NoAutoStart = true,
    }, cancellation);

    /// <summary>The processes of an answer; none when it is an error, or no list.</summary>
    internal static IReadOnlyList<int> ReadList(BusMessage message)
    {
        try
        {
            return message is { Type: BusMessageType.Return, Signature: "a(io)" } ? PidsIn(message) : [];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static List<int> PidsIn(BusMessage message)
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
