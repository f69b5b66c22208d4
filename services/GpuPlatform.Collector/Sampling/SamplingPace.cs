using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>What a tick reads of a GPU beyond its cheap tier.</summary>
internal readonly record struct Due(bool Details, bool Processes)
{
    public static readonly Due Everything = new(true, true);
}

/// <summary>When to read what. While a game runs nothing is read that takes a driver lock for long: it would show as stutter.</summary>
internal sealed class SamplingPace(IOptions<SamplingOptions> options, TimeProvider clock)
{
    private volatile bool _gameMode;
    private volatile bool _gameHasGpu;

    /// <summary>True while a game runs: no details, and process lists rarely. Switched from any thread; the next tick obeys.</summary>
    public bool GameMode
    {
        get => _gameMode || _gameHasGpu;
        set => _gameMode = value;
    }

    /// <summary>The same, as the guard sees it: it neither ends what a person switched on nor is it ended by that.</summary>
    public bool GameHasGpu
    {
        get => _gameHasGpu;
        set => _gameHasGpu = value;
    }

    /// <summary>Time between two readings of the process lists now.</summary>
    public TimeSpan ProcessInterval => GameMode ? options.Value.GameProcessInterval : options.Value.ProcessInterval;

    /// <summary>What somebody gets who asks for everything: whoever asks while a game runs must not make it stutter either.</summary>
    public Due OnDemand => GameMode ? default : Due.Everything;

    /// <summary>The same for somebody who asks for the process lists alone.</summary>
    public Due ProcessesOnDemand => GameMode ? default : new Due(Details: false, Processes: true);

    /// <summary>What is due of a GPU whose details and processes were last read at these timestamps.</summary>
    public Due At(long? detailsReadAt, long? processesReadAt) =>
        new(!GameMode && IsDue(detailsReadAt, options.Value.DetailInterval), IsDue(processesReadAt, ProcessInterval));

    // Ticks come a little early or late: half a tick is near enough, else every second one would be missed
    private bool IsDue(long? readAt, TimeSpan interval) =>
        readAt is not { } at || clock.GetElapsedTime(at) + options.Value.Interval / 2 >= interval;
}
