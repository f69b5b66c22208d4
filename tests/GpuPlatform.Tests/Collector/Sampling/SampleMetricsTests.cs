using System.Diagnostics.Metrics;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class SampleMetricsTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly LatestSample _latest;
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IMeterFactory _meters;

    public SampleMetricsTests()
    {
        _latest = new LatestSample(Options.Create(new SamplingOptions()), _clock);
        _meters = _provider.GetRequiredService<IMeterFactory>();
        _ = new SampleMetrics(_meters, _latest);
        _latest.Gpus = new GpuSnapshot(_clock.GetUtcNow(), new SourceInfo("nvml"),
        [
            new GpuSample { Uuid = "GPU-a", Index = 1, Name = "Card", TemperatureCelsius = 61, MemoryTotalBytes = 24L << 30, PowerWatts = 0 },
        ]);
    }

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void Known_values_are_measured_with_their_gpu_and_unknown_ones_are_absent()
    {
        var measured = Measure();
        Assert.Equal(
            [("gpu_memory_total_bytes", 24d * (1 << 30)), ("gpu_power_watts", 0), ("gpu_readable", 1), ("gpu_temperature_celsius", 61)],
            measured.Select(m => (m.Name, m.Value)).Order());
        Assert.All(measured, m => Assert.Equal("uuid=GPU-a gpu=1 name=Card", m.Tags));
    }

    [Fact]
    public void What_is_no_longer_the_present_is_absent()
    {
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Empty(Measure());
    }

    private List<(string Name, double Value, string Tags)> Measure()
    {
        var measured = new List<(string, double, string)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == CollectorTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, _meters))
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
