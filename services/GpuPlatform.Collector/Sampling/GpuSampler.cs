using System.Diagnostics;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>One tick: read every GPU and, where it is due, its details and processes; keep the result, send it.</summary>
internal sealed partial class GpuSampler(
    string nodeId, GpuRoster roster, DriverRound round, IProcessReader processes, SamplingPace pace, LatestSample latest, IPublisher publisher,
    TimeProvider clock, ILogger<GpuSampler> logger) : IProcessLists, IDisposable
{
    // A tick under way is waited for, one that hangs is not
    private static readonly TimeSpan LookWait = TimeSpan.FromSeconds(1);
    // Whoever asks often must not cost the history its ticks. Shorter than the shortest interval, so that ticks do not queue
    private static readonly TimeSpan TickWait = TimeSpan.FromMilliseconds(50);

    // Taken by whoever begins a tick, given back by whoever ends it: with a call that hangs these are two threads
    private readonly SemaphoreSlim _free = new(1);
    private readonly ProcessTracker _tracker = new(nodeId, process =>
    {
        latest.Processes.Note(process);
        publisher.Publish(process);
    });
    private readonly HashSet<string> _listsRead = [];
    private readonly Dictionary<string, GpuState> _loggedStates = [];
    private readonly List<GpuLane> _calls = [];
    private Activity? _activity;
    private Due? _asked;
    private bool _isOpening;
    private bool _open;
    private string? _loggedState;

    /// <summary>
    /// Reads what is due and sends it. While another thread is at it: goes on in its place when a driver call holds it up. False when the tick was not
    /// brought to its end on this thread.
    /// </summary>
    public bool Tick() => Run(asked: null, TickWait);

    /// <summary>Reads everything now, for somebody who asks. Only the tick's own samples are sent: nobody fills the history by asking.</summary>
    public bool Look() => Run(pace.OnDemand, LookWait);

    /// <summary>Reads the process lists now, and of the rest the cheap tier alone; in game mode not even them. Nothing of it is sent but what processes came, changed and went.</summary>
    public bool LookAtProcesses() => Run(pace.ProcessesOnDemand, LookWait);

    /// <summary>Finds out which of the known processes have ended, and reads the cheap tier when one has, for its memory is free now. A driver that hangs does not keep the ends back.</summary>
    public bool LookForEnds(bool isCertain) => (!isCertain && TakeEnds() == 0) || Run(default(Due), LookWait) || TakeEnds() is not null;

    public void Dispose() => _free.Dispose();

    private bool Run(Due? asked, TimeSpan wait)
    {
        if (!_free.Wait(wait))
            return round.TryTakeOver() && Advance();
        (_asked, _isOpening) = (asked, true);
        _activity = CollectorTelemetry.Source.StartActivity("sample gpus");
        round.Begin(roster.Openings);
        return Advance();
    }

    // How many; null while somebody else is at it
    private int? TakeEnds()
    {
        if (!_free.Wait(TickWait))
            return null;
        try
        {
            _tracker.BeginTick();
            return _tracker.EndTick(static _ => false, processes, WholeMilliseconds(clock.GetUtcNow()));
        }
        finally
        {
            _free.Release();
        }
    }

    private bool Advance()
    {
        var isMine = true;
        Activity.Current = _activity;
        try
        {
            if (_isOpening)
            {
                if (!(isMine = round.Continue()))
                    return false;
                EndOpening();
            }
            if (!(isMine = round.Continue()))
                return false;
            EndReading();
            return true;
        }
        finally
        {
            if (isMine)
            {
                _activity?.Dispose();
                _free.Release();
            }
        }
    }

    private void EndOpening()
    {
        _open = roster.TakeOver();
        LogChange(roster.Info, _open);
        _calls.Clear();
        for (var i = 0; i < roster.Entries.Count; i++)
        {
            var lane = roster.Entries[i].Lane;
            if (!lane.IsReady)
                continue;
            lane.Prepare(_asked, pace);
            _calls.Add(lane);
        }
        round.Begin(_calls);
        _isOpening = false;
    }

    private void EndReading()
    {
        // Opening a driver may take seconds: the sample's instant is that of the reading
        var now = WholeMilliseconds(clock.GetUtcNow());
        _listsRead.Clear();
        _tracker.BeginTick();
        if (_open)
            Conclude(now, isSent: _asked is null);
        else
            latest.Gpus = new GpuSnapshot(null, roster.Info, []) { Sources = roster.Sources };
        _tracker.EndTick(_listsRead.Contains, processes, now);
    }

    private void Conclude(DateTimeOffset now, bool isSent)
    {
        var entries = roster.Entries;
        var gpus = new GpuSample[entries.Count];
        var views = new GpuView[entries.Count];
        for (var i = 0; i < gpus.Length; i++)
        {
            var (index, lane) = entries[i];
            lane.Conclude();
            LogChange(index, lane);
            gpus[i] = ToSample(index, lane, Observe(lane, now));
            views[i] = GpuView.Next(latest.Gpus.ViewOf(gpus[i].Uuid), gpus[i], now);
        }
        latest.Gpus = new GpuSnapshot(now, roster.Info, gpus) { Sources = roster.Sources, Views = views };
        if (!isSent)
            return;
        publisher.Publish(new GpuSampled { NodeId = nodeId, SampledAt = now, Gpus = gpus });
        latest.CountSample();
    }

    private List<GpuProcessUsage>? Observe(GpuLane lane, DateTimeOffset now)
    {
        if (lane.NewProcesses is not { } list)
            return null;
        _listsRead.Add(lane.Identity.Uuid);
        return _tracker.Observe(lane.Identity.Uuid, list, processes, now);
    }

    private static GpuSample ToSample(int index, GpuLane lane, List<GpuProcessUsage>? processes)
    {
        var reading = lane.Reading;
        return new GpuSample
        {
            Uuid = lane.Identity.Uuid,
            Index = index,
            Name = lane.Identity.Name,
            ParentUuid = lane.Identity.ParentUuid,
            State = lane.State,
            UtilizationPercent = reading.UtilizationPercent,
            MemoryUtilizationPercent = reading.MemoryUtilizationPercent,
            MemoryTotalBytes = reading.MemoryTotalBytes,
            MemoryUsedBytes = reading.MemoryUsedBytes,
            MemoryFreeBytes = reading.MemoryFreeBytes,
            MemoryReservedBytes = reading.MemoryReservedBytes,
            MemoryIsShared = reading.MemoryIsShared,
            TemperatureCelsius = reading.TemperatureCelsius,
            PowerWatts = reading.PowerWatts,
            EnergyJoules = reading.EnergyJoules,
            PowerLimitWatts = lane.PowerLimitWatts,
            Details = lane.NewDetails,
            Processes = processes,
            Error = reading.Error,
        };
    }

    // What is finer is not kept by the store, and would make two instants of one sample
    internal static DateTimeOffset WholeMilliseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    private void LogChange(SourceInfo info, bool open)
    {
        var state = info.UnavailableReason ?? info.Name + info.Missing;
        if (state == _loggedState)
            return;
        _loggedState = state;
        if (!open)
            Log.Unavailable(logger, state);
        else
            Log.Opened(logger, info.Name, roster.Entries.Count, info.DriverVersion ?? "unknown");
        if (open && info.Missing is not null)
            Log.Missing(logger, info.Missing);
    }

    private void LogChange(int index, GpuLane lane)
    {
        var uuid = lane.Identity.Uuid;
        var state = lane.State;
        if (_loggedStates.GetValueOrDefault(uuid) == state)
            return;
        _loggedStates[uuid] = state;
        if (state is GpuState.Active)
            Log.GpuRecovered(logger, index, uuid);
        else if (state is GpuState.Sleeping)
            Log.GpuAsleep(logger, index, uuid);
        else
            Log.GpuFailed(logger, index, uuid, lane.Reading.Error ?? "no reason was given");
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Count} GPU(s) from {Source}, driver {DriverVersion}")]
        public static partial void Opened(ILogger logger, string source, int count, string driverVersion);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No GPU readings: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Not every GPU is read: {Reason}")]
        public static partial void Missing(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "GPU {Index} ({Uuid}) cannot be read: {Reason}")]
        public static partial void GpuFailed(ILogger logger, int index, string uuid, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "GPU {Index} ({Uuid}) is read again")]
        public static partial void GpuRecovered(ILogger logger, int index, string uuid);

        [LoggerMessage(Level = LogLevel.Information, Message = "GPU {Index} ({Uuid}) sleeps and is left so")]
        public static partial void GpuAsleep(ILogger logger, int index, string uuid);
    }
}
