using System.Diagnostics.Metrics;
using System.Numerics;
using GpuPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Hosting;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>Listens to the process's meters from start to stop and keeps their present state for scrapes.</summary>
internal sealed class MetricCollector : IHostedService, IDisposable
{
    /// <summary>Label sets of one instrument; more are summed up under <c>otel_metric_overflow</c>.</summary>
    internal const int SeriesCapacity = 2_000;

    private readonly IMeterFactory _meters;
    private readonly MeterListener _listener = new();
    private readonly SemaphoreSlim _scraping = new(1);
    private readonly MetricFamilies _families = new(SeriesCapacity);
    private int _collection;
    private long _callbackErrorCount;

    public MetricCollector(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = OnPublished;
        _listener.MeasurementsCompleted = OnCompleted;
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ObserveSelf(_meters.Create("GpuPlatform.Prometheus"));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The exposition at this moment. Scrapes at the same time wait for each other.</summary>
    public async Task<ReadOnlyMemory<byte>> ScrapeAsync(CancellationToken cancellationToken)
    {
        await _scraping.WaitAsync(cancellationToken);
        try
        {
            Observe();
            var text = new ExpositionWriter();
            foreach (var (family, instruments) in _families.Snapshot()) text.Write(family, instruments);
            return text.WrittenMemory;
        }
        finally
        {
            _scraping.Release();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _scraping.Dispose();
    }

    private void Observe()
    {
        Volatile.Write(ref _collection, _collection + 1);
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            // Every other callback was called all the same: the listener collects what they threw.
            Interlocked.Add(ref _callbackErrorCount, exception.InnerExceptions.Count);
        }

        foreach (var (_, instruments) in _families.Snapshot())
        {
            foreach (var instrument in instruments) instrument.Purge(_collection);
        }
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        // Meters of a factory belong to one host; another host in this process has meters of the same names.
        if (instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, _meters)) return;
        if (!TelemetryNames.IsScraped(instrument.Meter.Name)) return;
        if (_families.Add(instrument) is { } series) listener.EnableMeasurementEvents(instrument, series);
    }

    private void OnCompleted(Instrument instrument, object? state)
    {
        if (state is InstrumentSeries series) _families.Remove(series);
    }

    private void Listen<T>() where T : struct, INumber<T> =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, state) =>
            ((InstrumentSeries)state!).Record(double.CreateSaturating(value), tags, Volatile.Read(ref _collection)));

    private void ObserveSelf(Meter meter)
    {
        meter.CreateObservableCounter("exposition.callback.errors", () => Volatile.Read(ref _callbackErrorCount), "{error}",
            "Callbacks of observable instruments that threw during a scrape.");
        meter.CreateObservableCounter("exposition.overflow.measurements", Overflows, "{measurement}",
            "Measurements whose label set was not kept because the instrument has too many.");
        meter.CreateObservableGauge("exposition.rejected.instruments", Rejections, "{instrument}",
            "Instruments that are not shown because their name means something else already.");
    }

    private IEnumerable<Measurement<long>> Overflows() =>
        from entry in _families.Snapshot()
        from instrument in entry.Instruments
        where instrument.OverflowCount > 0
        select new Measurement<long>(instrument.OverflowCount, new KeyValuePair<string, object?>("metric", entry.Family.Name));

    private IEnumerable<Measurement<int>> Rejections() => _families.Rejected.Select(entry => new Measurement<int>(1,
        new("instrument", entry.Instrument), new("meter", entry.Meter), new("reason", entry.Reason)));
}
