using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>One tick: read every GPU and its processes, keep the result, send it.</summary>
internal sealed partial class GpuSampler(
    string nodeId, IGpuSource source, TimeSpan retryInterval, LatestSample latest, IPublisher publisher, TimeProvider clock,
    ILogger<GpuSampler> logger)
{
    private readonly ProcessTracker _tracker = new(nodeId, publisher.Publish);
    private readonly List<GpuProcessReading> _processes = [];
    private readonly HashSet<string> _listsRead = [];
    private readonly Dictionary<string, string> _loggedErrors = [];
    private GpuReading[] _readings = [];
    private string? _loggedState;
    private long? _failedToOpenAt;

    public void Tick()
    {
        using var activity = CollectorTelemetry.Source.StartActivity("sample gpus");
        _listsRead.Clear();
        _tracker.BeginTick();
        var open = Open();
        // Opening a driver may take seconds: the sample's instant is that of the reading
        var now = WholeMilliseconds(clock.GetUtcNow());
        if (open)
            Sample(now);
        else
            latest.Gpus = new GpuSnapshot(null, source.Info, []);
        _tracker.EndTick(_listsRead.Contains, source.Processes, now);
    }

    private void Sample(DateTimeOffset now)
    {
        var devices = source.Devices;
        if (_readings.Length != devices.Count)
            _readings = new GpuReading[devices.Count];
        source.Read(_readings);
        var gpus = new GpuSample[devices.Count];
        for (var i = 0; i < gpus.Length; i++)
        {
            LogChange(devices[i], _readings[i].Error);
            gpus[i] = ToSample(devices[i], _readings[i], ReadProcesses(i, devices[i].Uuid, now));
        }
        latest.Gpus = new GpuSnapshot(now, source.Info, gpus);
        publisher.Publish(new GpuSampled { NodeId = nodeId, SampledAt = now, Gpus = gpus });
        latest.CountSample();
    }

    // A source that was open is opened again at once; one that could not be opened is left alone for a while
    private bool Open()
    {
        if (_failedToOpenAt is { } failedAt && clock.GetElapsedTime(failedAt) < retryInterval)
            return false;
        var open = source.Open();
        _failedToOpenAt = open ? null : clock.GetTimestamp();
        LogChange(source.Info, open);
        return open;
    }

    private void LogChange(SourceInfo info, bool open)
    {
        var state = info.UnavailableReason ?? info.Name + info.Missing;
        if (state == _loggedState)
            return;
        _loggedState = state;
        if (!open)
            Log.Unavailable(logger, state);
        else
            Log.Opened(logger, info.Name, source.Devices.Count, info.DriverVersion ?? "unknown");
        if (open && info.Missing is not null)
            Log.Missing(logger, info.Missing);
    }

    private void LogChange(GpuIdentity device, string? error)
    {
        if (_loggedErrors.GetValueOrDefault(device.Uuid) == error)
            return;
        if (error is null)
        {
            _loggedErrors.Remove(device.Uuid);
            Log.GpuRecovered(logger, device.Index, device.Uuid);
            return;
        }
        _loggedErrors[device.Uuid] = error;
        Log.GpuFailed(logger, device.Index, device.Uuid, error);
    }

    private List<GpuProcessUsage>? ReadProcesses(int position, string uuid, DateTimeOffset now)
    {
        if (_readings[position].Error is not null || !source.ReadProcesses(position, _processes))
            return null;
        _listsRead.Add(uuid);
        return _tracker.Observe(uuid, _processes, source.Processes, now);
    }

    private static GpuSample ToSample(GpuIdentity device, in GpuReading reading, List<GpuProcessUsage>? processes) => new()
    {
        Uuid = device.Uuid,
        Index = device.Index,
        Name = device.Name,
        UtilizationPercent = reading.UtilizationPercent,
        MemoryUtilizationPercent = reading.MemoryUtilizationPercent,
        MemoryTotalBytes = reading.MemoryTotalBytes,
        MemoryUsedBytes = reading.MemoryUsedBytes,
        MemoryFreeBytes = reading.MemoryFreeBytes,
        MemoryReservedBytes = reading.MemoryReservedBytes,
        TemperatureCelsius = reading.TemperatureCelsius,
        PowerWatts = reading.PowerWatts,
        PowerLimitWatts = reading.PowerLimitWatts,
        Processes = processes,
        Error = reading.Error,
    };

    // What is finer is not kept by the store, and would make two instants of one sample
    internal static DateTimeOffset WholeMilliseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

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
    }
}
