using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>A host on a freshly reset <see cref="NvmlHostDouble"/>: its PCI tree, its clock, and what was counted.</summary>
internal sealed class NvmlHostFixture : IDisposable
{
    private readonly Meter _meter = new("test.host");
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public NvmlHostFixture()
    {
        NvmlHostDouble.Reset();
        NvmlDoubleReadings.Utilization = default;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _counts.AddOrUpdate(
            string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Value}")]), value,
            (_, sum) => instrument.IsObservable ? value : sum + value));
        _listener.Start();
        Funnel = new NvmlStatusFunnel(_meter.CreateCounter<long>("errors"));
        Settings = new NvmlSettings { Meter = _meter, Root = Tree.Root, Clock = Clock, Logger = Log };
        Source = new NvmlSource(
            () =>
            {
                LoadCount++;
                return NvmlHostDouble.Library();
            },
            Funnel, Settings);
    }

    public TemporaryTree Tree { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public LogDouble<NvmlSource> Log { get; } = new();

    public NvmlStatusFunnel Funnel { get; }

    public NvmlSettings Settings { get; }

    public NvmlSource Source { get; }

    public int LoadCount { get; private set; }

    /// <summary>The sum of a counter, by its name and the values of its labels.</summary>
    public long Count(string series)
    {
        _listener.RecordObservableInstruments();
        return _counts.GetValueOrDefault(series);
    }

    /// <summary>Adds a GPU to the kernel's tree and to the driver, or changes the kernel's view of it.</summary>
    public void Gpu(string address, string status, string control = "auto")
    {
        Tree.Gpu(address, status, control: control);
        if (!NvmlHostDouble.Addresses.Contains(address))
            NvmlHostDouble.Addresses.Add(address);
    }

    /// <summary>A tick of the sampler: opens, and reads whatever does not sleep.</summary>
    public List<(string Uuid, string State)> Tick(double advanceSeconds = 0)
    {
        Clock.Advance(TimeSpan.FromSeconds(advanceSeconds));
        Source.Open();
        return [.. Source.Gpus.Select(gpu => (gpu.Identity.Uuid, Read(gpu)))];
    }

    public void Dispose()
    {
        Source.Dispose();
        _listener.Dispose();
        _meter.Dispose();
        Tree.Dispose();
    }

    private static string Read(IGpu gpu)
    {
        if (gpu.IsAsleep())
            return "sleeping";
        var reading = default(GpuReading);
        gpu.Read(ref reading);
        if (reading.Error is null)
            gpu.ReadProcesses([]);
        return reading.Error is null ? "active" : reading.IsLost ? "lost" : "failing";
    }
}

internal static class PciTree
{
    /// <summary>Writes what the kernel says of a GPU; a null is a file that is not there.</summary>
    public static void Gpu(
        this TemporaryTree tree, string address, string? status, string? control = "auto", string? powerState = null,
        string vendor = "0x10de", string kind = "0x030000")
    {
        var folder = $"sys/bus/pci/devices/{address}";
        foreach (var (file, text) in ((string, string?)[])
            [("vendor", vendor), ("class", kind), ("device", "0x25a2"), ("power/runtime_status", status), ("power/control", control), ("power_state", powerState)])
            if (text is not null)
                tree.Write($"{folder}/{file}", $"{text}\n");
    }
}
