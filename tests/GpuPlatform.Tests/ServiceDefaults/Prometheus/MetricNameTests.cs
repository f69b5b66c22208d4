using GpuPlatform.ServiceDefaults.Prometheus;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", MetricKind.Histogram, "http_server_request_duration_seconds")]
    [InlineData("gpuplatform.memory.used", "By", MetricKind.Gauge, "gpuplatform_memory_used_bytes")]
    [InlineData("gpuplatform_memory_used_bytes", "By", MetricKind.Gauge, "gpuplatform_memory_used_bytes")]
    [InlineData("requests", "{request}", MetricKind.Counter, "requests_total")]
    [InlineData("requests_total", null, MetricKind.Counter, "requests_total")]
    [InlineData("cpu.time", "s", MetricKind.Counter, "cpu_time_seconds_total")]
    [InlineData("load", "1", MetricKind.Gauge, "load_ratio")]
    [InlineData("hits", "1", MetricKind.Counter, "hits_total")]
    [InlineData("fan", "%", MetricKind.Gauge, "fan_percent")]
    [InlineData("temperature", "Cel", MetricKind.Gauge, "temperature_celsius")]
    [InlineData("speed", "By/s", MetricKind.Gauge, "speed_bytes_per_second")]
    [InlineData("rate", "{message}/s", MetricKind.Gauge, "rate_per_second")]
    [InlineData("receive.duration", "ms", MetricKind.Histogram, "receive_duration_seconds")]
    [InlineData("3d--engine//use", null, MetricKind.Gauge, "_3d_engine_use")]
    [InlineData("seconds", "s", MetricKind.Gauge, "seconds")]
    [InlineData("odd", "{never closed", MetricKind.Gauge, "odd_never_closed")]
    [InlineData("dotnet.assembly.count", "{assembly}", MetricKind.Gauge, "dotnet_assembly_count_current")]
    internal void Name_ends_with_its_unit_and_counters_with_total(string instrument, string? unit, MetricKind kind, string expected)
    {
        Assert.Equal(expected, MetricName.For(instrument, MetricUnit.Of(unit, kind), kind));
    }

    [Theory]
    [InlineData("gpu.uuid", "gpu_uuid")]
    [InlineData("__name__", "_name_")]
    [InlineData("9lives", "_9lives")]
    [InlineData("a:b", "a_b")]
    [InlineData("größe", "gr_e")]
    [InlineData("", "_")]
    [InlineData(null, "_")]
    public void Label_names_use_only_what_Prometheus_allows(string? key, string expected)
    {
        Assert.Equal(expected, MetricName.Label(key));
    }
}
