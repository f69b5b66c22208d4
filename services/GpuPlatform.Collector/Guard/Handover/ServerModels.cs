using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Makes the models of one server leave and come back, beside the guard and never in its way: whatever a server does, the guard looks at what came of it so
/// far. Looks go on while the server is asked for something, which may take its time.
/// </summary>
internal sealed partial class ServerModels(ModelServer server, bool isHere, IModelEviction eviction, TimeProvider time, Action changed, ILogger logger, CancellationToken stop)
{
    private volatile LookTaken? _look;
    private volatile string? _problem;
    private volatile IReadOnlyList<string> _unloaded = [];
    private Task _looking = Task.CompletedTask;
    private Task _working = Task.CompletedTask;
    private TaskCompletionSource _leaving = new();
    private bool _unloadWanted;

    public ModelServer Server => server;

    /// <summary>Whether it runs on this host.</summary>
    public bool IsHere => isHere;

    /// <summary>The last look and when it began; null before the first.</summary>
    public LookTaken? Look => _look;

    /// <summary>What went wrong when it was last asked for something.</summary>
    public string? Problem => _problem;

    /// <summary>Models it was asked to unload since <see cref="Forget"/>.</summary>
    public IReadOnlyList<string> Unloaded => _unloaded;

    /// <summary>True while it is asked for something.</summary>
    public bool IsWorking => !_working.IsCompleted || _unloadWanted;

    /// <summary>Ends when everything that was begun has ended.</summary>
    public Task Idle => Task.WhenAll(_looking, _working);

    /// <summary>Another hand-over begins.</summary>
    public void Forget() => _unloaded = [];

    /// <summary>Has the models leave that are there. Asked again while it is at it, it does it once more afterwards. Models on their way back are not waited for.</summary>
    public void Unload()
    {
        _unloadWanted = true;
        _leaving.TrySetResult();
    }

    /// <summary>Loads models. What was asked before and is not done yet goes first.</summary>
    public void Warm(IReadOnlyList<string> models)
    {
        _unloadWanted = false;
        if (models.Count == 0) return;
        _leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _working = WarmAfterAsync(_working, models, _leaving.Task);
    }

    /// <summary>Begins what is wanted, and a look when the last one began longer ago than <paramref name="atMost"/>; null: none is needed.</summary>
    public void Pump(TimeSpan? atMost)
    {
        if (_unloadWanted && _working.IsCompleted)
        {
            _unloadWanted = false;
            _working = Task.Run(UnloadAsync, CancellationToken.None);
        }
        if (atMost is { } age && _looking.IsCompleted && (_look is not { } last || time.Monotonic() - last.BeganAt >= age))
            _looking = Task.Run(LookAsync, CancellationToken.None);
    }

    private Task LookAsync() => GuardedAsync(async () =>
    {
        await LookOnceAsync();
        return _problem;
    });

    private async Task<EvictionLook> LookOnceAsync()
    {
        var began = time.Monotonic();
        var look = await eviction.LookAsync(server, stop);
        _look = new LookTaken(look, began);
        return look;
    }

    private Task UnloadAsync() => GuardedAsync(async () =>
    {
        var look = await LookOnceAsync();
        if (look.Resident is not { Count: > 0 } models) return look.Problem;
        _unloaded = [.. _unloaded.Union(models)];
        Log.Unloading(logger, server.Name, string.Join(", ", models));
        var problem = await eviction.UnloadAsync(server, models, stop);
        // Often they are gone when the answer comes
        await LookOnceAsync();
        return problem;
    });

    // A load may take minutes. Whoever breaks off the request breaks off the load
    private async Task WarmAfterAsync(Task before, IReadOnlyList<string> models, Task leaving)
    {
        await before;
        if (leaving.IsCompleted) return;
        using var warming = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await GuardedAsync(async () =>
        {
            Log.Warming(logger, server.Name, string.Join(", ", models));
            var loading = eviction.WarmAsync(server, models, warming.Token);
            if (await Task.WhenAny(loading, leaving) == leaving) await warming.CancelAsync();
            try
            {
                return await loading;
            }
            catch (OperationCanceledException) when (warming.IsCancellationRequested)
            {
                return null;
            }
        });
    }

    private async Task GuardedAsync(Func<Task<string?>> work)
    {
        try
        {
            _problem = await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            _problem = e.Message;
            Log.Failed(logger, e, server.Name);
        }
        changed();
    }

    /// <param name="Look">What the server said.</param>
    /// <param name="BeganAt">When it was asked.</param>
    internal sealed record LookTaken(EvictionLook Look, TimeSpan BeganAt);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Server} is asked to unload {Models}")]
        public static partial void Unloading(ILogger logger, string server, string models);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Server} is asked to load {Models} again")]
        public static partial void Warming(ILogger logger, string server, string models);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The models of {Server} could not be asked for")]
        public static partial void Failed(ILogger logger, Exception exception, string server);
    }
}
