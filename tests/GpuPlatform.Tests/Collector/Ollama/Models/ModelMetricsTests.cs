using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Metrics;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class ModelMetricsTests
{
    [Fact]
    public async Task Servers_and_models_are_measured_and_what_is_not_known_is_absent()
    {
        using var metrics = new MetricsFixture();
        metrics.AddModels(
            new LlmServer
            {
                Name = "ollama", Upstream = "http://a", Reachable = true, Resident = [new ResidentModel { Name = "a:1b", SizeBytes = 10, VramBytes = 8 }, new ResidentModel { Name = "b:1b" }],
            },
            new LlmServer { Name = "vllm", Upstream = "http://b", Reachable = true, RequestsRunning = 2, RequestsWaiting = 0, CacheUsedPercent = 12.5 },
            new LlmServer { Name = "gone", Upstream = "http://c" });
        Assert.Equal(
            [
                "gpuplatform_llm_model_resident_bytes{model=\"a:1b\",server=\"ollama\"} 10", "gpuplatform_llm_model_vram_bytes{model=\"a:1b\",server=\"ollama\"} 8",
                "gpuplatform_llm_server_cache_used_percent{server=\"vllm\"} 12.5", "gpuplatform_llm_server_requests_running{server=\"vllm\"} 2",
                "gpuplatform_llm_server_requests_waiting{server=\"vllm\"} 0", "gpuplatform_llm_server_up{server=\"gone\"} 0", "gpuplatform_llm_server_up{server=\"ollama\"} 1",
                "gpuplatform_llm_server_up{server=\"vllm\"} 1",
            ],
            (await metrics.SamplesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Loads_and_unloads_are_counted_by_model()
    {
        using var metrics = new MetricsFixture();
        var counts = metrics.AddModels();
        var change = new ModelResidencyChanged { NodeId = "desk", ChangedAt = metrics.Clock.GetUtcNow(), Server = "ollama", Model = "a:1b", Change = ResidencyChange.Loaded };
        foreach (var what in new[] { ResidencyChange.Loaded, ResidencyChange.Unloaded, ResidencyChange.Loaded, ResidencyChange.Thrashing }) counts.Count(change with { Change = what });
        Assert.Equal(
            ["gpuplatform_llm_model_load_total{model=\"a:1b\",server=\"ollama\"} 2", "gpuplatform_llm_model_unload_total{model=\"a:1b\",server=\"ollama\"} 1"],
            (await metrics.SamplesAsync()).Order(StringComparer.Ordinal));
    }
}
