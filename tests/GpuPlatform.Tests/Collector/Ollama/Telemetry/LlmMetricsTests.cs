using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Architecture;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.ServiceDefaults.Prometheus;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class LlmMetricsTests : IDisposable
{
    private readonly Exposition _page = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly RequestFixture _requests;

    public LlmMetricsTests() => _requests = new RequestFixture(_clock);

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task A_request_is_counted_by_model_client_server_endpoint_and_outcome_in_base_units()
    {
        new LlmMetrics(_page.Factory, new LlmLabels()).Take(Full());
        const string labels = "client=\"me\",model=\"llama3.2:3b\",server=\"ollama\"";
        Assert.Equal(["gpuplatform_llm_requests_total{client=\"me\",endpoint=\"/api/chat\",model=\"llama3.2:3b\",outcome=\"ok\",server=\"ollama\"} 1"],
            await _page.SamplesAsync("gpuplatform_llm_requests_total"));
        Assert.Equal([$"gpuplatform_llm_prompt_tokens_total{{{labels}}} 20"], await _page.SamplesAsync("gpuplatform_llm_prompt_tokens_total"));
        Assert.Equal([$"gpuplatform_llm_cached_tokens_total{{{labels}}} 5"], await _page.SamplesAsync("gpuplatform_llm_cached_tokens_total"));
        Assert.Equal([$"gpuplatform_llm_completion_tokens_total{{{labels}}} 101"], await _page.SamplesAsync("gpuplatform_llm_completion_tokens_total"));
        Assert.Equal([$"gpuplatform_llm_energy_joules_total{{{labels}}} 42.5"], await _page.SamplesAsync("gpuplatform_llm_energy_joules_total"));
        Assert.Equal(["gpuplatform_llm_time_to_first_token_seconds_sum{model=\"llama3.2:3b\",server=\"ollama\"} 95"], await _page.SamplesAsync("gpuplatform_llm_time_to_first_token_seconds_sum"));
        // 2 s for the hundred tokens after the first
        Assert.Equal(["gpuplatform_llm_time_per_output_token_seconds_sum{model=\"llama3.2:3b\",server=\"ollama\"} 0.02"], await _page.SamplesAsync("gpuplatform_llm_time_per_output_token_seconds_sum"));
        Assert.Equal(["gpuplatform_llm_load_seconds_sum{model=\"llama3.2:3b\",server=\"ollama\"} 90"], await _page.SamplesAsync("gpuplatform_llm_load_seconds_sum"));
        Assert.Equal(["gpuplatform_llm_queue_seconds_sum{model=\"llama3.2:3b\",server=\"ollama\"} 4"], await _page.SamplesAsync("gpuplatform_llm_queue_seconds_sum"));
    }

    [Fact]
    public async Task A_model_that_loads_for_minutes_still_falls_between_two_bounds()
    {
        new LlmMetrics(_page.Factory, new LlmLabels()).Take(Full());
        var buckets = await _page.SamplesAsync("gpuplatform_llm_time_to_first_token_seconds_bucket");
        Assert.Contains(buckets, line => line.Contains("le=\"60\"} 0", StringComparison.Ordinal));
        Assert.Contains(buckets, line => line.Contains("le=\"120\"} 1", StringComparison.Ordinal));
        Assert.Contains(buckets, line => line.Contains("le=\"600\"} 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_record_does_not_tell_has_no_series()
    {
        new LlmMetrics(_page.Factory, new LlmLabels()).Take(_requests.Record(_requests.Request(), 1, LlmOutcome.Aborted));
        var text = await _page.ScrapeAsync();
        Assert.Contains("outcome=\"aborted\"", text, StringComparison.Ordinal);
        Assert.Contains("gpuplatform_llm_request_duration_seconds_count", text, StringComparison.Ordinal);
        foreach (var name in (string[])["energy", "tokens", "first_token", "load", "queue"]) Assert.DoesNotContain($"gpuplatform_llm_{name}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpumon_names_are_served_by_model_unless_they_are_switched_off()
    {
        new GpumonLlmMetrics(_page.Factory, new LlmLabels(), Options.Create(new MetricsOptions { Gpumon = false })).Take(Full());
        Assert.DoesNotContain("gpumon_llm", await _page.ScrapeAsync(), StringComparison.Ordinal);
        new GpumonLlmMetrics(_page.Factory, new LlmLabels(), Options.Create(new MetricsOptions())).Take(Full());
        Assert.Equal(["gpumon_llm_session_count{model=\"llama3.2:3b\"} 1"], await _page.SamplesAsync("gpumon_llm_session_count"));
        Assert.Equal(["gpumon_llm_tokens_per_second_sum{model=\"llama3.2:3b\"} 50.5"], await _page.SamplesAsync("gpumon_llm_tokens_per_second_sum"));
        Assert.Equal(["gpumon_llm_time_to_first_token_ms_sum{model=\"llama3.2:3b\"} 95000"], await _page.SamplesAsync("gpumon_llm_time_to_first_token_ms_sum"));
        var buckets = await _page.SamplesAsync("gpumon_llm_time_to_first_token_ms_bucket");
        Assert.Contains(buckets, line => line.Contains("le=\"600000\"} 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_that_clients_write_are_only_so_many_and_one_the_server_does_not_know_takes_no_place()
    {
        var metrics = new LlmMetrics(_page.Factory, new LlmLabels());
        for (var i = 0; i < 3 * LlmLabels.MostModels; i++) metrics.Take(Full() with { Model = $"invented{i}", StatusCode = 404, Outcome = LlmOutcome.Failed });
        for (var i = 0; i < 3 * LlmLabels.MostModels; i++) metrics.Take(Full() with { Model = $"model{i}", Client = new LlmClient { Name = $"client{i}", Source = LlmClientSource.Agent } });
        metrics.Take(Full() with { Model = null });
        var samples = await _page.SamplesAsync("gpuplatform_llm_completion_tokens_total");
        Assert.Equal(LlmLabels.MostModels, samples.Count(line => line.Contains("model=\"model", StringComparison.Ordinal)));
        Assert.DoesNotContain(samples, line => line.Contains("invented", StringComparison.Ordinal));
        Assert.Contains("gpuplatform_llm_completion_tokens_total{client=\"other\",model=\"other\",server=\"ollama\"} 20200", samples);
        Assert.Contains(samples, line => line.Contains("model=\"unknown\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_under_way_are_counted_and_none_is_zero()
    {
        var log = new RequestLog([], _clock, new LogDouble<RequestLog>());
        _ = new LlmInFlightMetrics(_page.Factory, log, Options.Create(new OllamaOptions()));
        Assert.Equal(["gpuplatform_llm_requests_in_flight{server=\"ollama\"} 0"], await _page.SamplesAsync("gpuplatform_llm_requests_in_flight"));
        var endpoint = LlmEndpoint.Find("POST", "/api/chat")!;
        var request = log.Begin(RequestFixture.Ollama, endpoint, new LlmClient { Name = "me", Source = LlmClientSource.Agent }, null);
        Assert.Equal(["gpuplatform_llm_requests_in_flight{server=\"ollama\"} 1"], await _page.SamplesAsync("gpuplatform_llm_requests_in_flight"));
        log.End(request, LlmOutcome.Ok, null);
        Assert.Equal(["gpuplatform_llm_requests_in_flight{server=\"ollama\"} 0"], await _page.SamplesAsync("gpuplatform_llm_requests_in_flight"));
    }

    [Fact]
    public void The_documentation_has_a_line_for_each_metric_and_none_for_others()
    {
        const string page = "docs/metrics.md";
        var expected = LlmMetrics.Rows.Select(row => $"| `{row.Name}` | {row.Unit}; {row.Labels} | {row.Help.TrimEnd('.')} |").ToList();
        var written = Repository.Read(page).Split('\n').SkipWhile(line => !line.StartsWith("| metric | unit, labels | of requests", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        Assert.True(expected.SequenceEqual(written), $"the table in {page} must be:\n{string.Join('\n', expected)}");
    }

    private LlmRequestCompleted Full()
    {
        var request = _requests.Streamed(0, 95, 97, completion: 101, prompt: 20);
        var facts = request.Reply!.Facts;
        (facts.Total, facts.Load, facts.Prefill, facts.Decode, facts.CachedTokens) =
            (TimeSpan.FromSeconds(97), TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 5);
        return _requests.Record(request, 97) with { EnergyJoules = 42.5 };
    }
}
