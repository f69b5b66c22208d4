using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;

namespace GpuPlatform.Tests.Collector.Sampling;

/// <summary>A source a test commands.</summary>
internal sealed class SourceDouble : IGpuSource
{
    public ProcessDouble Table { get; } = new();

    public bool Available { get; set; } = true;

    public bool ProcessesReadable { get; set; } = true;

    public Exception? Failure { get; set; }

    public GpuReading Reading { get; set; } = new() { UtilizationPercent = 10, TemperatureCelsius = 50 };

    public List<GpuProcessReading> ProcessList { get; } = [];

    public int OpenCount { get; private set; }

    public SourceInfo Info => Available ? new("nvml") { DriverVersion = "1.2" } : new("none", "no driver");

    public IReadOnlyList<GpuIdentity> Devices => Available ? [new(0, "GPU-a", "Card")] : [];

    public IProcessReader Processes => Table;

    public bool Open()
    {
        OpenCount++;
        return Available;
    }

    public void Read(Span<GpuReading> readings)
    {
        if (Failure is not null)
            throw Failure;
        readings.Fill(Reading);
    }

    public bool ReadProcesses(int position, List<GpuProcessReading> processes)
    {
        processes.Clear();
        processes.AddRange(ProcessList);
        return ProcessesReadable;
    }

    public void Dispose()
    {
        // Nothing is held
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
