using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Sampling;

/// <summary>A source a test commands.</summary>
internal sealed class SourceDouble : IGpuSource
{
    private IReadOnlyList<IGpu> _gpus;

    public SourceDouble() => _gpus = [Gpu];

    public GpuDouble Gpu { get; } = new(0, "GPU-a");

    public bool Available { get; set; } = true;

    public int OpenCount { get; private set; }

    /// <summary>The next <see cref="Open"/> does not return before this is set.</summary>
    public ManualResetEventSlim? HangUntil { get; set; }

    public SourceInfo Info => Available ? new("nvml") { DriverVersion = "1.2" } : new("none", "no driver");

    public IReadOnlyList<IGpu> Gpus => Available ? _gpus : [];

    public void Replace(params IReadOnlyList<IGpu> gpus) => _gpus = gpus;

    public bool Open()
    {
        OpenCount++;
        HangUntil?.Wait();
        return Available;
    }

    public void Dispose()
    {
        // Nothing is held
    }
}

/// <summary>A GPU a test commands.</summary>
internal sealed class GpuDouble(int index, string uuid) : IGpu
{
    public bool Asleep { get; set; }

    public bool ProcessesReadable { get; set; } = true;

    public Exception? Failure { get; set; }

    public GpuReading Reading { get; set; } = new() { UtilizationPercent = 10, TemperatureCelsius = 50 };

    public GpuDetailReading? Details { get; set; } = new(new GpuDetails { PerformanceState = 2 }, 200);

    public List<GpuProcessReading> ProcessList { get; } = [];

    /// <summary>The next <see cref="Read"/> does not return before this is set.</summary>
    public ManualResetEventSlim? HangUntil { get; set; }

    public int ReadCount { get; private set; }

    public int DetailCount { get; private set; }

    public int ProcessListCount { get; private set; }

    public GpuIdentity Identity { get; } = new(index, uuid, "Card");

    public bool IsAsleep() => Asleep;

    public void Read(ref GpuReading reading)
    {
        ReadCount++;
        HangUntil?.Wait();
        if (Failure is not null)
            throw Failure;
        reading = Reading;
    }

    public GpuDetailReading? ReadDetails()
    {
        DetailCount++;
        return Details;
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        ProcessListCount++;
        processes.Clear();
        processes.AddRange(ProcessList);
        return ProcessesReadable;
    }
}

/// <summary>Keeps what was published.</summary>
internal sealed class PublisherDouble : IPublisher
{
    public long QueuedCount => 3;

    public long DroppedCount => 4;

    public List<GpuSampled> Samples { get; } = [];

    public List<HostSampled> Heartbeats { get; } = [];

    public List<GpuProcessObserved> ProcessEvents { get; } = [];

    public void Publish(GpuSampled message) => Samples.Add(message);

    public void Publish(HostSampled message) => Heartbeats.Add(message);

    public void Publish(GpuProcessObserved message) => ProcessEvents.Add(message);
}

/// <summary>Counts lines by level and keeps their text.</summary>
internal sealed class LogDouble<T> : Microsoft.Extensions.Logging.ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

    public void Log<TState>(
        Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
}
