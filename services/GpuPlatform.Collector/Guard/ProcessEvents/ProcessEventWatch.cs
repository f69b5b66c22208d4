namespace GpuPlatform.Collector.Guard.ProcessEvents;

/// <summary>Tells of processes while somebody listens, on one thread that sleeps in the kernel: from the kernel's own news, else from its counters.</summary>
internal sealed partial class ProcessEventWatch(
    Func<(IProcessNews? News, string? Problem)> kernel, Func<IProcessNews> poll, ILogger<ProcessEventWatch> logger) : IProcessEvents, IDisposable
{
    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    // A program that starts brings others: one look serves for all
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50);

    private readonly Func<(IProcessNews? News, string? Problem)> _kernel = kernel;
    private readonly Func<IProcessNews> _poll = poll;
    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private Action<IReadOnlyList<ProcessEvent>>? _changed;
    private Run? _run;
    private bool _isDisposed;

    public ProcessEventWatch(string root, ILogger<ProcessEventWatch> logger)
        : this(OpenKernel, () => new ProcessCountPoll(root, ProcessCountPoll.TellsOwnNumbers(root), PollInterval), logger)
    {
    }

    public ProcessEventSource Source { get; private set; }

    public string? Problem { get; private set; }

    public event Action<IReadOnlyList<ProcessEvent>>? Changed
    {
        add
        {
            lock (_gate)
            {
                _changed += value;
                if (_run is null && !_isDisposed && _changed is not null)
                    Start();
            }
        }
        remove
        {
            Run? ended = null;
            lock (_gate)
            {
                _changed -= value;
                if (_changed is null)
                    (ended, _run) = (_run, null);
            }
            ended?.Stop();
        }
    }

    public void Dispose()
    {
        Run? ended;
        lock (_gate)
            (ended, _run, _isDisposed) = (_run, null, true);
        ended?.Stop();
    }

    private static (IProcessNews? News, string? Problem) OpenKernel() =>
        OperatingSystem.IsLinux() ? (ProcConnector.Open(out var problem), problem) : (null, "only Linux tells");

    private void Start()
    {
        _run = new Run(this);
        new Thread(_run.Execute, maxStackSize: 256 * 1024) { IsBackground = true, Name = "process events" }.Start();
    }

    private void Raise(List<ProcessEvent> events)
    {
        try
        {
            Volatile.Read(ref _changed)?.Invoke(events);
        }
        catch (Exception e)
        {
            Log.NotTaken(_logger, e);
        }
    }

    private sealed class Run(ProcessEventWatch watch)
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private IProcessNews? _news;

        public void Stop()
        {
            _stopped.TrySetResult();
            lock (_gate)
                _news?.Stop();
        }

        public void Execute()
        {
            var problem = Follow(watch._kernel, ProcessEventSource.Kernel, null);
            if (!_stopped.Task.IsCompleted)
            {
                Log.Polling(watch._logger, problem ?? "no reason was given", PollInterval.TotalMilliseconds);
                problem = Follow(() => (watch._poll(), null), ProcessEventSource.Poll, problem);
            }
            if (!_stopped.Task.IsCompleted)
                Log.Blind(watch._logger, problem ?? "no reason was given");
            lock (watch._gate)
                if (watch._run is null || watch._run == this)
                    (watch.Source, watch.Problem) = (ProcessEventSource.Off, _stopped.Task.IsCompleted ? null : problem);
        }

        /// <summary>Until it is stopped: null, or can no longer know: the reason.</summary>
        private string? Follow(Func<(IProcessNews? News, string? Problem)> open, ProcessEventSource source, string? problem)
        {
            IProcessNews? news = null;
            try
            {
                (news, var refusal) = open();
                if (news is null)
                    return refusal;
                lock (_gate)
                    _news = news;
                (watch.Source, watch.Problem) = (source, problem);
                var events = new List<ProcessEvent>();
                while (!_stopped.Task.IsCompleted && news.Wait(events))
                {
                    watch.Raise(events);
                    events.Clear();
                    // The poll has its own pace
                    if (source == ProcessEventSource.Kernel)
                        _stopped.Task.Wait(Together);
                }
                return null;
            }
            catch (Exception e)
            {
                // On a thread of its own it would end the program
                return e.Message;
            }
            finally
            {
                lock (_gate)
                    _news = null;
                news?.Dispose();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The kernel does not tell of processes ({Reason}): their numbers are looked at every {Milliseconds} ms")]
        public static partial void Polling(ILogger logger, string reason, double milliseconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Processes that begin are not noticed before the next tick: {Reason}")]
        public static partial void Blind(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "News of processes could not be taken by whoever follows them")]
        public static partial void NotTaken(ILogger logger, Exception exception);
    }
}
