using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Metrics;

public sealed class SampleMetricsTests : IDisposable
{
    private readonly MetricsFixture _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Every_metric_of_the_table_is_on_the_page_of_a_gpu_that_says_everything_and_no_other()
    {
        using var metrics = new MetricsFixture(new MetricsOptions { Processes = true });
        metrics.AddLoops();
        metrics.AddModels(FullServer.Server).Count(FullServer.Load);
        metrics.Note(7);
        metrics.Latest.Host = FullGpu.Host(metrics.Clock.GetUtcNow());
        metrics.Sampled(FullGpu.Sample);
        // Of the loops themselves there is none here
        var expected = SampleMetrics.Rows.Select(row => row.Name).Where(name => !name.StartsWith("gpuplatform_tick_", StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await metrics.NamesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Known_values_are_measured_with_their_gpu_and_unknown_ones_are_absent()
    {
        _metrics.Sampled(new GpuSample { Uuid = "GPU-a", Index = 1, Name = "Card", TemperatureCelsius = 61, MemoryTotalBytes = 24L << 30, PowerWatts = 0 });
        Assert.Equal(
            [
                "gpu_memory_total_bytes{gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 25769803776", "gpu_power_watts{gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 0",
                "gpu_readable{gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 1", "gpu_temperature_celsius{gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 61",
            ],
            (await _metrics.SamplesAsync()).Where(line => !line.StartsWith("gpu_state", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Values_are_in_base_units_with_labels_for_what_there_are_several_of()
    {
        _metrics.Sampled(FullGpu.Sample);
        var lines = await _metrics.SamplesAsync();
        string[] expected =
        [
            "gpu_clock_hertz{domain=\"memory\",gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 10500000000",
            "gpu_fan_speed_percent{fan=\"1\",gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 41",
            "gpu_throttle_reason{gpu=\"1\",name=\"Card\",reason=\"power-limit\",uuid=\"GPU-a\"} 1",
            "gpu_throttle_reason{gpu=\"1\",name=\"Card\",reason=\"idle\",uuid=\"GPU-a\"} 0",
            "gpu_ecc_errors_total{counted=\"aggregate\",gpu=\"1\",name=\"Card\",severity=\"uncorrected\",uuid=\"GPU-a\"} 2",
            "gpu_recovery_action{action=\"drain-p2p\",gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 1",
            "gpu_state{gpu=\"1\",name=\"Card\",state=\"active\",uuid=\"GPU-a\"} 1",
            "gpu_voltage_volts{gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 0.95",
        ];
        Assert.Empty(expected.Except(lines));
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(GpuState.Sleeping)]
    [InlineData(GpuState.Lost)]
    [InlineData(GpuState.Stalled)]
    public async Task A_gpu_that_is_not_read_leaves_its_state_alone(GpuState state)
    {
        _metrics.Sampled(FullGpu.Sample);
        _metrics.Sampled(new GpuSample { Uuid = "GPU-a", Index = 1, Name = "Card", State = state, Error = state == GpuState.Sleeping ? null : "no" });
        Assert.Equal(["gpu_readable", "gpu_state"], (await _metrics.NamesAsync()).Order());
    }

    [Fact]
    public async Task What_is_no_longer_the_present_is_absent()
    {
        _metrics.Sampled(FullGpu.Sample);
        _metrics.Latest.Host = FullGpu.Host(_metrics.Clock.GetUtcNow());
        await _metrics.SamplesAsync();
        _metrics.Clock.Advance(TimeSpan.FromSeconds(26));
        Assert.Empty(await _metrics.SamplesAsync());
    }

    [Fact]
    public async Task Details_outlive_the_ticks_between_but_not_three_of_their_intervals()
    {
        _metrics.Sampled(FullGpu.Sample);
        _metrics.Clock.Advance(TimeSpan.FromSeconds(30));
        _metrics.Sampled(FullGpu.Sample with { Details = null, Processes = null });
        Assert.Contains("gpu_clock_hertz", await _metrics.NamesAsync());
        _metrics.Clock.Advance(TimeSpan.FromSeconds(1));
        _metrics.Sampled(FullGpu.Sample with { Details = null, Processes = null });
        var names = await _metrics.NamesAsync();
        Assert.DoesNotContain("gpu_clock_hertz", names);
        Assert.DoesNotContain("gpu_processes", names);
        Assert.Contains("gpu_temperature_celsius", names);
    }

    [Fact]
    public async Task A_dead_process_leaves_no_series_and_its_pid_is_another_one()
    {
        using var metrics = new MetricsFixture(new MetricsOptions { Processes = true });
        metrics.Note(7);
        metrics.Note(8);
        metrics.Sampled(FullGpu.Sample);
        Assert.Contains(
            "gpu_process_memory_bytes{context=\"compute\",gpu=\"1\",kind=\"unknown\",name=\"Card\",pid=\"7\",process=\"process7\",started=\"1768464000\",user=\"me\",uuid=\"GPU-a\"} 1073741824",
            await metrics.SamplesAsync());
        metrics.Note(7, ProcessChange.Exited);
        var lines = await metrics.SamplesAsync();
        Assert.DoesNotContain(lines, line => line.Contains("pid=\"7\"", StringComparison.Ordinal));
        Assert.Contains("gpu_processes{context=\"compute\",gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 1", lines);
        Assert.Contains("gpu_processes{context=\"graphics\",gpu=\"1\",name=\"Card\",uuid=\"GPU-a\"} 0", lines);
    }

    [Fact]
    public async Task Processes_have_no_series_of_their_own_unless_asked_for()
    {
        _metrics.Note(7);
        _metrics.Sampled(FullGpu.Sample);
        Assert.DoesNotContain(await _metrics.SamplesAsync(), line => line.Contains("pid=", StringComparison.Ordinal));
    }
}
