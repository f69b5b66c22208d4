using System.Diagnostics.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Metrics;

public sealed class CompatibilityTests : IDisposable
{
    private readonly MetricsFixture _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Dcgm_names_units_and_labels_are_those_that_boards_read()
    {
        _metrics.AddDcgm();
        _metrics.Sampled(FullGpu.Sample, FullGpu.Sample with { Uuid = "MIG-b", Index = 2, ParentUuid = "GPU-a" });
        var text = await _metrics.ScrapeAsync();
        const string labels = "{DCGM_FI_DRIVER_VERSION=\"570.86.15\",Hostname=\"desk\",UUID=\"GPU-a\",device=\"nvidia1\",gpu=\"1\",modelName=\"Card\",pci_bus_id=\"00000000:0A:00.0\"}";
        Assert.Equal(
            $"""
            # TYPE DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS counter
            DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS{labels} 4
            # TYPE DCGM_FI_DEV_DEC_UTIL gauge
            DCGM_FI_DEV_DEC_UTIL{labels} 5
            # TYPE DCGM_FI_DEV_ENC_UTIL gauge
            DCGM_FI_DEV_ENC_UTIL{labels} 12
            # TYPE DCGM_FI_DEV_FB_FREE gauge
            DCGM_FI_DEV_FB_FREE{labels} 20480
            # TYPE DCGM_FI_DEV_FB_RESERVED gauge
            DCGM_FI_DEV_FB_RESERVED{labels} 1024
            # TYPE DCGM_FI_DEV_FB_USED gauge
            DCGM_FI_DEV_FB_USED{labels} 3072
            # TYPE DCGM_FI_DEV_GPU_TEMP gauge
            DCGM_FI_DEV_GPU_TEMP{labels} 61
            # TYPE DCGM_FI_DEV_GPU_UTIL gauge
            DCGM_FI_DEV_GPU_UTIL{labels} 42
            # TYPE DCGM_FI_DEV_MEMORY_TEMP gauge
            DCGM_FI_DEV_MEMORY_TEMP{labels} 70
            # TYPE DCGM_FI_DEV_MEM_CLOCK gauge
            DCGM_FI_DEV_MEM_CLOCK{labels} 10500
            # TYPE DCGM_FI_DEV_MEM_COPY_UTIL gauge
            DCGM_FI_DEV_MEM_COPY_UTIL{labels} 17
            # TYPE DCGM_FI_DEV_PCIE_REPLAY_COUNTER counter
            DCGM_FI_DEV_PCIE_REPLAY_COUNTER{labels} 3
            # TYPE DCGM_FI_DEV_POWER_USAGE gauge
            DCGM_FI_DEV_POWER_USAGE{labels} 250.5
            # TYPE DCGM_FI_DEV_ROW_REMAP_FAILURE gauge
            DCGM_FI_DEV_ROW_REMAP_FAILURE{labels} 0
            # TYPE DCGM_FI_DEV_SM_CLOCK gauge
            DCGM_FI_DEV_SM_CLOCK{labels} 2490
            # TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter
            DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{labels} 1234500
            # TYPE DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS counter
            DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS{labels} 1
            # TYPE DCGM_FI_DEV_XID_ERRORS gauge
            DCGM_FI_DEV_XID_ERRORS{labels} 79
            # TYPE DCGM_FI_PROF_DRAM_ACTIVE gauge
            DCGM_FI_PROF_DRAM_ACTIVE{labels} 0.15
            # TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{labels} 0.41
            # TYPE DCGM_FI_PROF_PCIE_RX_BYTES gauge
            DCGM_FI_PROF_PCIE_RX_BYTES{labels} 6000000
            # TYPE DCGM_FI_PROF_PCIE_TX_BYTES gauge
            DCGM_FI_PROF_PCIE_TX_BYTES{labels} 5000000
            # TYPE DCGM_FI_PROF_PIPE_TENSOR_ACTIVE gauge
            DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{labels} 0.2
            """,
            string.Join('\n', text.Split('\n').Where(line => line.Contains("DCGM_FI_DEV_", StringComparison.Ordinal) || line.Contains("DCGM_FI_PROF_", StringComparison.Ordinal))
                .Where(line => !line.StartsWith("# HELP", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Gpumon_names_and_labels_are_as_its_boards_read_them()
    {
        _metrics.AddGpumon();
        _metrics.Note(7);
        _metrics.Note(8, context: GpuContext.Graphics);
        _metrics.Judge(7, WorkloadKind.MlTraining);
        _metrics.Sampled(FullGpu.Sample);
        Assert.Equal(
            [
                "gpumon_gpu_memory_total_bytes{gpu_id=\"1\",gpu_name=\"Card\"} 25769803776", "gpumon_gpu_memory_used_bytes{gpu_id=\"1\",gpu_name=\"Card\"} 3221225472",
                "gpumon_gpu_power_watts{gpu_id=\"1\",gpu_name=\"Card\"} 250.5", "gpumon_gpu_temperature_celsius{gpu_id=\"1\",gpu_name=\"Card\"} 61",
                "gpumon_gpu_utilization_percent{gpu_id=\"1\",gpu_name=\"Card\"} 42", "gpumon_process_count{category=\"ml-training\"} 1", "gpumon_process_count{category=\"unknown\"} 1",
                "gpumon_process_gpu_memory_bytes{category=\"ml-training\"} 1073741824", "gpumon_process_gpu_memory_bytes{category=\"unknown\"} 2147483648",
            ],
            (await _metrics.SamplesAsync()).Where(line => line.StartsWith("gpumon_", StringComparison.Ordinal)));
        Assert.Contains("gpu_evictions_total 0", await _metrics.SamplesAsync());
        Assert.Contains("gpu_other_processes_count{gpu_id=\"1\",gpu_name=\"Card\"} 2", await _metrics.SamplesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenTelemetry_names_are_on_the_page_only_when_asked_for(bool isScrapedToo)
    {
        _metrics.AddHardware(isScrapedToo);
        _metrics.Sampled(FullGpu.Sample);
        Assert.Equal(isScrapedToo, (await _metrics.NamesAsync()).Contains("hw_gpu_utilization_ratio"));
    }

    [Fact]
    public void OpenTelemetry_names_units_and_attributes_follow_the_conventions()
    {
        using var listener = new MeterListener();
        var measured = new Dictionary<string, string>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "GpuPlatform.Otlp.Hardware" && ReferenceEquals(instrument.Meter.Scope, _metrics.Meters))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            var own = tags.ToArray().Where(tag => tag.Key is not ("hw.id" or "hw.name" or "hw.model" or "hw.vendor" or "hw.driver_version" or "hw.firmware_version" or "hw.parent"));
            measured[$"{instrument.Name} {string.Join(' ', own.Select(tag => tag.Value))}"] = $"{value} {instrument.Unit}";
            Assert.Contains(tags.ToArray(), tag => tag.Key == "hw.id" && tag.Value is string id && id.StartsWith("GPU-a", StringComparison.Ordinal));
        });
        _metrics.AddHardware(isScrapedToo: false);
        _metrics.Sampled(FullGpu.Sample);
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(
            ("0.42 1", "0.12 1", "3221225472 By", "25769803776 By", "250.5 W", "1234.5 J", "61 Cel", "1500 rpm", "1 1", "0 1", "0 {error}"),
            (measured["hw.gpu.utilization gpu general"], measured["hw.gpu.utilization gpu encoder"], measured["hw.gpu.memory.usage gpu"], measured["hw.gpu.memory.limit gpu"],
                measured["hw.power gpu"], measured["hw.energy gpu"], measured["hw.temperature gpu"], measured["hw.fan.speed fan"], measured["hw.status gpu ok"],
                measured["hw.status gpu failed"], measured["hw.errors gpu uncorrected"]));
    }

    [Fact]
    public async Task A_sleeping_gpu_leaves_no_readings_in_any_set()
    {
        _metrics.AddDcgm();
        _metrics.AddGpumon();
        _metrics.AddHardware(isScrapedToo: true);
        _metrics.Sampled(FullGpu.Sample);
        await _metrics.SamplesAsync();
        _metrics.Sampled(new GpuSample { Uuid = "GPU-a", Index = 1, Name = "Card", State = GpuState.Sleeping });
        Assert.Equal(["gpu_evictions_total", "gpu_readable", "gpu_state", "hw_status_ratio"], (await _metrics.NamesAsync()).Order());
    }
}
