using System.Diagnostics.Metrics;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly Exposition _exposition = new();

    public void Dispose() => _exposition.Dispose();

    [Fact]
    public async Task Counters_add_up_per_set_of_labels()
    {
        var counter = _exposition.Meter.CreateCounter<long>("jobs", "{job}", "Jobs done.");
        counter.Add(2, new("kind", "a"), new("host", "x"));
        counter.Add(3, new("host", "x"), new("kind", "a"));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "b"));

        Assert.Equal(["""jobs_total{host="x",kind="a"} 5""", """jobs_total{kind="b"} 1"""], await _exposition.SamplesAsync("jobs_total"));
        Assert.Contains("# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\n", await _exposition.ScrapeAsync());
    }

    [Fact]
    public async Task A_counter_never_goes_back_and_a_sum_never_becomes_not_a_number()
    {
        var counter = _exposition.Meter.CreateCounter<double>("work");
        var histogram = _exposition.Meter.CreateHistogram<double>("size");
        counter.Add(2);
        counter.Add(-1);
        counter.Add(double.NaN);
        histogram.Record(1);
        histogram.Record(double.NaN);

        Assert.Equal(["work_total 2"], await _exposition.SamplesAsync("work_total"));
        Assert.Equal(["size_count 1"], await _exposition.SamplesAsync("size_count"));
        Assert.Equal(["size_sum 1"], await _exposition.SamplesAsync("size_sum"));
    }

    [Fact]
    public async Task Gauges_show_what_they_were_told_last_even_if_it_is_no_number()
    {
        var gauge = _exposition.Meter.CreateGauge<double>("level");
        gauge.Record(1.5, new KeyValuePair<string, object?>("case", "n"));
        gauge.Record(double.NaN, new KeyValuePair<string, object?>("case", "nan"));
        gauge.Record(double.PositiveInfinity, new KeyValuePair<string, object?>("case", "up"));
        gauge.Record(double.NegativeInfinity, new KeyValuePair<string, object?>("case", "down"));

        Assert.Equal(
            ["""level{case="down"} -Inf""", """level{case="n"} 1.5""", """level{case="nan"} NaN""", """level{case="up"} +Inf"""],
            await _exposition.SamplesAsync("level"));
    }

    [Fact]
    public async Task Up_down_counters_are_gauges_that_add_up()
    {
        var counter = _exposition.Meter.CreateUpDownCounter<int>("open");
        counter.Add(5);
        counter.Add(-2);

        Assert.Equal(["open 3"], await _exposition.SamplesAsync("open"));
        Assert.Contains("# TYPE open gauge\n", await _exposition.ScrapeAsync());
    }

    [Fact]
    public async Task Histograms_use_the_advised_bounds_and_count_upwards()
    {
        var histogram = _exposition.Meter.CreateHistogram("wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 7 }) histogram.Record(value);

        Assert.Equal(
            ["""wait_seconds_bucket{le="0.1"} 2""", """wait_seconds_bucket{le="1"} 3""", """wait_seconds_bucket{le="+Inf"} 4""", "wait_seconds_sum 7.65", "wait_seconds_count 4"],
            await _exposition.SamplesAsync("wait_seconds"));
    }

    [Fact]
    public async Task Milliseconds_become_seconds_in_values_and_bounds()
    {
        var histogram = _exposition.Meter.CreateHistogram("wait", "ms", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [100] });
        histogram.Record(250);

        Assert.Equal(
            ["""wait_seconds_bucket{le="0.1"} 0""", """wait_seconds_bucket{le="+Inf"} 1""", "wait_seconds_sum 0.25", "wait_seconds_count 1"],
            await _exposition.SamplesAsync("wait_seconds"));
    }

    [Fact]
    public async Task What_an_observable_no_longer_reports_is_gone()
    {
        string[] gpus = ["a", "b"];
        _exposition.Meter.CreateObservableGauge("power", () => gpus.Select(gpu => new Measurement<int>(7, new KeyValuePair<string, object?>("gpu", gpu))), "W");
        Assert.Equal(["""power_watts{gpu="a"} 7""", """power_watts{gpu="b"} 7"""], await _exposition.SamplesAsync("power_watts"));

        gpus = ["b"];
        Assert.Equal(["""power_watts{gpu="b"} 7"""], await _exposition.SamplesAsync("power_watts"));

        gpus = [];
        Assert.DoesNotContain("power_watts", await _exposition.ScrapeAsync());
    }

    [Fact]
    public async Task Observable_counters_report_the_last_value()
    {
        var total = 10L;
        _exposition.Meter.CreateObservableCounter("bytes", () => total, "By");
        await _exposition.ScrapeAsync();
        total = 12;

        Assert.Equal(["bytes_total 12"], await _exposition.SamplesAsync("bytes_total"));
    }

    [Fact]
    public async Task A_callback_that_throws_costs_only_its_own_metric()
    {
        _exposition.Meter.CreateObservableGauge("broken", int () => throw new InvalidOperationException());
        _exposition.Meter.CreateObservableGauge("whole", () => 1);
        await _exposition.ScrapeAsync();
        var text = await _exposition.ScrapeAsync();

        Assert.Contains("\nwhole 1\n", text);
        Assert.DoesNotContain("\nbroken", text);
        Assert.Contains("\nexposition_callback_errors_total ", text);
    }

    [Fact]
    public async Task A_disposed_meter_leaves_nothing_behind()
    {
        var meter = _exposition.Factory.Create("GpuPlatform.Short");
        using (var listened = new Meter(new MeterOptions("GpuPlatform.Short") { Scope = meter.Scope }))
        {
            listened.CreateCounter<int>("brief").Add(1);
            Assert.NotEmpty(await _exposition.SamplesAsync("brief_total"));
        }

        Assert.DoesNotContain("brief", await _exposition.ScrapeAsync());
    }

    [Fact]
    public async Task Meters_of_other_hosts_and_of_strangers_are_not_shown()
    {
        using var other = new Exposition();
        other.Meter.CreateCounter<int>("foreign").Add(1);
        _exposition.Factory.Create("Somebody.Else").CreateCounter<int>("stranger").Add(1);
        var text = await _exposition.ScrapeAsync();

        Assert.DoesNotContain("foreign", text);
        Assert.DoesNotContain("stranger", text);
        Assert.NotEmpty(await other.SamplesAsync("foreign_total"));
    }
}
