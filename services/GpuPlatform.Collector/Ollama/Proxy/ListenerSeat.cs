using System.Net.Sockets;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>The place of one server's listener: takes its address as soon as that can be had.</summary>
internal sealed partial class ListenerSeat(ModelServer server, string key, ModelProxy proxy, TimeProvider time, ILogger logger) : IDisposable
{
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private volatile ProxyListener? _listener;
    private volatile ListenState _state = new(null, null);

    public ModelServer Server => server;

    public ListenState State => _state;

    /// <summary>Tries until it listens, or until cancelled.</summary>
    /// <param name="firstTry">Set when the address was asked for once.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task TakeAsync(TaskCompletionSource firstTry, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(RetryInterval, time);
        try
        {
            while (!await TryAsync(cancellation))
            {
                firstTry.TrySetResult();
                await timer.WaitForNextTickAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        firstTry.TrySetResult();
    }

    public Task StopAsync(CancellationToken cancellation) => _listener?.StopAsync(cancellation) ?? Task.CompletedTask;

    public void Dispose() => _listener?.Dispose();

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        var listener = new ProxyListener(server.Listen, proxy.AnswerAsync);
        try
        {
            await listener.StartAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One that could not start cannot be started again
            listener.Dispose();
            Say($"{key} is {server.Listen.GetLeftPart(UriPartial.Authority)}, which cannot be listened on: {Reason(e)}");
            return false;
        }
        _listener = listener;
        _state = new(listener.Address, null);
        Log.Listens(logger, server.Name, listener.Address, server.Upstream);
        return true;
    }

    private void Say(string problem)
    {
        if (_state.Problem == problem) return;
        _state = new(null, problem);
        Log.CannotListen(logger, problem, RetryInterval.TotalSeconds);
    }

    private static string Reason(Exception exception) => exception.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "another program has it",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "it is no address of this host",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "this user may not have that port",
        var other => other.Message,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Clients of {Server} are answered at {Address}, from {Upstream}")]
        public static partial void Listens(ILogger logger, string server, Uri address, Uri upstream);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}. It is tried again every {Seconds} s")]
        public static partial void CannotListen(ILogger logger, string problem, double seconds);
    }
}

/// <summary>Whether a server is listened for.</summary>
/// <param name="Address">Where, with the real port; null while it is not.</param>
/// <param name="Problem">Why not, in words; null when it is, or nobody has tried yet.</param>
internal sealed record ListenState(Uri? Address, string? Problem);
