using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>A source on a freshly reset <see cref="NvmlDouble"/>, and the errors it counted.</summary>
internal sealed class NvmlFixture : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private readonly SharedMemory _memory;

    public NvmlFixture(string memoryRoot = "/nonexistent", bool profiling = false, TimeProvider? clock = null)
    {
        NvmlDouble.Reset();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            Errors.Add($"{tags[0].Value} {tags[1].Value}"));
        _listener.Start();
        var funnel = new NvmlStatusFunnel(_meter.CreateCounter<long>("errors"));
        _memory = new SharedMemory(memoryRoot);
        Source = new NvmlSource(
            () => LibraryMissing ? null : NvmlDouble.Library(), funnel,
            new NvmlSettings { Root = "/nonexistent", SharedMemory = _memory, Profiling = profiling, Clock = clock ?? TimeProvider.System });
    }

    public NvmlSource Source { get; }

    public List<string> Errors { get; } = [];

    public bool LibraryMissing { get; set; }

    public GpuReading[] Read()
    {
        Source.Open();
        var readings = new GpuReading[Source.Gpus.Count];
        for (var i = 0; i < readings.Length; i++)
            Source.Gpus[i].Read(ref readings[i]);
        return readings;
    }

    public GpuDetailReading? ReadDetails(int position = 0)
    {
        Source.Open();
        return position < Source.Gpus.Count ? Source.Gpus[position].ReadDetails() : null;
    }

    public List<GpuProcessReading>? ReadProcesses(int position = 0)
    {
        Source.Open();
        var processes = new List<GpuProcessReading>();
        return position < Source.Gpus.Count && Source.Gpus[position].ReadProcesses(processes) ? processes : null;
    }

    public void Dispose()
    {
        Source.Dispose();
        _memory.Dispose();
        _listener.Dispose();
        _meter.Dispose();
    }
}
