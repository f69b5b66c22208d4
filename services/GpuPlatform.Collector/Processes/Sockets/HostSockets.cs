namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>
/// Asks the kernel for single sockets where it answers, and reads its tables where it does not. Which of the two is decided with the first question, and for the
/// tables once more when the kernel failed several times in a row. From any thread.
/// </summary>
internal sealed partial class HostSockets(Func<SocketDiagnostics> open, ITcpSockets tables, ILogger<HostSockets> logger) : ITcpSockets, IDisposable
{
    private const int MostFailures = 3;

    private readonly Lock _gate = new();
    private SocketDiagnostics? _kernel;
    private int _failureCount;
    private bool _isDisposed;

    public HostSockets(string root, TimeProvider time, ILogger<HostSockets> logger) : this(() => Open(root, time), new SocketTables(root), logger)
    {
    }

    public TimeSpan ListenersLast
    {
        get
        {
            lock (_gate)
                return Kernel()?.ListenersLast ?? tables.ListenersLast;
        }
    }

    public Dictionary<TcpConnection, long> Find(IReadOnlyCollection<TcpConnection> connections) => Ask(sockets => sockets.Find(connections));

    public Dictionary<long, int> Listening(IReadOnlySet<int> ports) => Ask(sockets => sockets.Listening(ports));

    public void Dispose()
    {
        lock (_gate)
        {
            _kernel?.Dispose();
            (_kernel, _isDisposed) = (null, true);
        }
    }

    private T Ask<T>(Func<ITcpSockets, T> question)
    {
        lock (_gate)
        {
            if (Kernel() is { } kernel)
                try
                {
                    var answer = question(kernel);
                    _failureCount = 0;
                    return answer;
                }
                catch (IOException e)
                {
                    // What comes late must not be taken for the answer to another question
                    kernel.Dispose();
                    _kernel = null;
                    Log.Failed(logger, e.Message);
                    if (++_failureCount == MostFailures) Log.Reading(logger, e.Message);
                }
            return question(tables);
        }
    }

    private SocketDiagnostics? Kernel()
    {
        if (_kernel is not null || _isDisposed || _failureCount >= MostFailures) return _kernel;
        try
        {
            _kernel = open();
            Log.Asking(logger);
        }
        catch (IOException e)
        {
            _failureCount = MostFailures;
            Log.Reading(logger, e.Message);
        }
        return _kernel;
    }

    private static SocketDiagnostics Open(string root, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux()) throw new IOException("only Linux tells");
        if (!IsOwnNetwork(root)) throw new IOException($"the sockets under {root} are not those of this process' network");
        var diagnostics = new SocketDiagnostics(new NetlinkSocket(), time);
        try
        {
            // A kernel that lacks the module for it says of every connection that there is none; asked for a list it says why
            diagnostics.Listening(new HashSet<int>());
            return diagnostics;
        }
        catch (IOException)
        {
            diagnostics.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether <c>/proc/net</c> under that root is of the network this process is in. It is in a container that has the host's <c>/proc</c>, too: <c>net</c> leads
    /// to whoever reads it.
    /// </summary>
    internal static bool IsOwnNetwork(string root)
    {
        const string Link = "proc/self/ns/net";
        try
        {
            return new FileInfo(Path.Combine("/", Link)).LinkTarget is { } own && new FileInfo(Path.Combine(root, Link)).LinkTarget == own;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The kernel is asked for single sockets")]
        public static partial void Asking(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "The kernel cannot be asked for single sockets ({Reason}): its tables of sockets are read, which takes longer")]
        public static partial void Reading(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The kernel did not tell of sockets as it should ({Reason}); its tables were read")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
