using System.Diagnostics.Metrics;
using GpuPlatform.ServiceDefaults.Prometheus;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

public sealed class CollisionTests : IDisposable
{
    private readonly Exposition _exposition = new();

    public void Dispose() => _exposition.Dispose();

    [Fact]
    public async Task The_same_name_of_two_meters_is_told_apart_by_a_label()
    {
        _exposition.Meter.CreateCounter<int>("jobs").Add(1);
        _exposition.Factory.Create("GpuPlatform.Other").CreateCounter<int>("jobs").Add(2);

        Assert.Equal(["jobs_total 1", """jobs_total{otel_scope_name="GpuPlatform.Other"} 2"""], await _exposition.SamplesAsync("jobs_total"));
        Assert.Single((await _exposition.ScrapeAsync()).Split('\n'), line => line == "# TYPE jobs_total counter");
    }

    [Fact]
    public async Task A_name_has_one_type_and_the_second_meaning_is_reported()
    {
        _exposition.Meter.CreateGauge<int>("size").Record(1);
        _exposition.Meter.CreateHistogram<int>("size").Record(2);
        var text = await _exposition.ScrapeAsync();

        Assert.Contains("# TYPE size gauge\n", text);
        Assert.DoesNotContain("size_bucket", text);
        Assert.Contains("""exposition_rejected_instruments{instrument="size",meter="GpuPlatform.Test",reason="size is a Gauge already"} 1""", text);
    }

    [Fact]
    public async Task The_parts_of_a_histogram_are_nobody_elses()
    {
        _exposition.Meter.CreateHistogram<int>("wait").Record(1);
        _exposition.Meter.CreateHistogram<int>("wait.count").Record(1);
        _exposition.Meter.CreateGauge<int>("wait.sum").Record(7);
        var text = await _exposition.ScrapeAsync();

        Assert.Single(text.Split('\n'), line => line.StartsWith("wait_count ", StringComparison.Ordinal));
        Assert.DoesNotContain("wait_count_bucket", text);
        Assert.Contains("""reason="wait_count is a Histogram already"} 1""", text);
        Assert.Contains("\nwait_sum 1\n", text);
        Assert.Contains("\nwait_sum_current 7\n", text);
    }

    [Fact]
    public async Task Tags_that_read_the_same_are_one_series()
    {
        var counter = _exposition.Meter.CreateCounter<int>("reads");
        counter.Add(1, new KeyValuePair<string, object?>("id", 1));
        counter.Add(2, new KeyValuePair<string, object?>("id", "1"));

        Assert.Equal(["""reads_total{id="1"} 3"""], await _exposition.SamplesAsync("reads_total"));
    }

    [Fact]
    public async Task Too_many_label_sets_are_summed_up_and_counted()
    {
        var counter = _exposition.Meter.CreateCounter<int>("wild");
        for (var i = 0; i < MetricCollector.SeriesCapacity + 50; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var samples = await _exposition.SamplesAsync("wild_total");

        Assert.Equal(MetricCollector.SeriesCapacity + 1, samples.Length);
        Assert.Contains("""wild_total{otel_metric_overflow="true"} 50""", samples);
        Assert.Contains("""exposition_overflow_measurements_total{metric="wild_total"} 50""", await _exposition.ScrapeAsync());
    }

    [Fact]
    public async Task New_label_sets_of_an_observable_take_the_place_of_old_ones()
    {
        var generation = 0;
        _exposition.Meter.CreateObservableGauge("churn", () =>
            Enumerable.Range(generation * MetricCollector.SeriesCapacity, MetricCollector.SeriesCapacity).Select(id => new Measurement<int>(1, new KeyValuePair<string, object?>("id", id))));
        await _exposition.ScrapeAsync();
        generation = 1;
        var samples = await _exposition.SamplesAsync("churn");

        Assert.Equal(MetricCollector.SeriesCapacity, samples.Length);
        Assert.Contains($"churn{{id=\"{(2 * MetricCollector.SeriesCapacity) - 1}\"}} 1", samples);
    }

    [Fact]
    public async Task Scrapes_and_measurements_at_the_same_time_lose_nothing()
    {
        var counter = _exposition.Meter.CreateCounter<long>("hits");
        var histogram = _exposition.Meter.CreateHistogram<double>("sizes");
        var writers = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("slot", i % 10));
                histogram.Record(i % 100, new KeyValuePair<string, object?>("slot", worker));
            }
        }));
        var scrapers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await _exposition.ScrapeAsync();
        }));
        await Task.WhenAll(writers.Concat(scrapers));

        Assert.Equal(40_000, (await _exposition.SamplesAsync("hits_total")).Sum(line => long.Parse(line.Split(' ')[1])));
        Assert.Equal(40_000, (await _exposition.SamplesAsync("sizes_count")).Sum(line => long.Parse(line.Split(' ')[1])));
    }

    [Fact]
    public void A_measurement_of_a_known_series_allocates_nothing()
    {
        var counter = _exposition.Meter.CreateCounter<long>("hot");
        var histogram = _exposition.Meter.CreateHistogram<double>("warm");
        KeyValuePair<string, object?>[] tags = [new("gpu", "GPU-1"), new("kind", "game"), new("index", 3)];
        void Measure()
        {
            counter.Add(1, tags);
            histogram.Record(0.5, tags);
        }

        for (var i = 0; i < 100; i++) Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++) Measure();

        // Not one byte per measurement: tiering may cost a little once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000);
    }
}
