using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Requests at model servers under the collector's own names, in base units. What a record does not tell is not measured.</summary>
internal sealed class LlmMetrics : IRecordSink
{
    private static readonly MetricRow Requests = Row("gpuplatform_llm_requests_total", "requests", "model, client, server, endpoint, outcome", "Requests at model servers that ended.");
    private static readonly MetricRow Prompt = Row("gpuplatform_llm_prompt_tokens_total", "tokens", "model, client, server", "Tokens of prompts at model servers, those found in the cache included.");
    private static readonly MetricRow Cached = Row("gpuplatform_llm_cached_tokens_total", "tokens", "model, client, server", "Tokens of prompts that were found in the cache, where the server says so.");
    private static readonly MetricRow Completion = Row("gpuplatform_llm_completion_tokens_total", "tokens", "model, client, server", "Tokens that model servers generated, thinking included.");
    private static readonly MetricRow Energy = Row("gpuplatform_llm_energy_joules_total", "J", "model, client, server", "Energy of the boards while models worked, shared among the requests.");
    private static readonly MetricRow FirstToken = Row("gpuplatform_llm_time_to_first_token_seconds", "histogram, s", "model, server", "From the request fully received to the first token, of replies that stream.");
    private static readonly MetricRow PerToken = Row("gpuplatform_llm_time_per_output_token_seconds", "histogram, s", "model, server", "Time per token after the first, of replies that stream.");
    private static readonly MetricRow Duration = Row("gpuplatform_llm_request_duration_seconds", "histogram, s", "model, server", "From the arrival of a request at a model server to the last byte of its reply.");
    private static readonly MetricRow Queue = Row("gpuplatform_llm_queue_seconds", "histogram, s", "model, server", "Time waited in the server, as it says: all that is neither loading nor working.");
    private static readonly MetricRow Load = Row("gpuplatform_llm_load_seconds", "histogram, s", "model, server", "Time until the model was ready, as the server says.");

    private readonly LlmLabels _labels;
    private readonly Counter<long> _requests;
    private readonly (Counter<double> Counter, Func<LlmRequestCompleted, double?> Value)[] _sums;
    private readonly (Histogram<double> Histogram, Func<LlmRequestCompleted, double?> Milliseconds)[] _times;

    public LlmMetrics(IMeterFactory meters, LlmLabels labels)
    {
        _labels = labels;
        var meter = meters.Create(CollectorTelemetry.Name);
        _requests = meter.CreateCounter<long>(Requests.Name, unit: null, Requests.Help);
        _sums =
        [
            (Sum(Prompt), record => record.PromptTokens), (Sum(Cached), record => record.CachedTokens), (Sum(Completion), record => record.CompletionTokens),
            (Sum(Energy), record => record.EnergyJoules),
        ];
        _times =
        [
            (Times(FirstToken, HistogramSteps.Seconds), record => record.TimeToFirstTokenMs), (Times(PerToken, HistogramSteps.SecondsPerToken), record => record.TimePerOutputTokenMs),
            (Times(Duration, HistogramSteps.Seconds), record => record.DurationMs), (Times(Queue, HistogramSteps.Seconds), record => record.QueueMs),
            (Times(Load, HistogramSteps.Seconds), record => record.LoadMs),
        ];

        Counter<double> Sum(MetricRow row) => meter.CreateCounter<double>(row.Name, unit: null, row.Help);

        Histogram<double> Times(MetricRow row, double[] bounds) => meter.CreateHistogram(row.Name, unit: null, row.Help,
            tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
    }

    public static IReadOnlyList<MetricRow> Rows { get; } = [Requests, Prompt, Cached, Completion, Energy, FirstToken, PerToken, Duration, Queue, Load, LlmInFlightMetrics.Row];

    public void Take(LlmRequestCompleted record)
    {
        KeyValuePair<string, object?> model = new("model", _labels.Model(record)), client = new("client", _labels.Client(record)), server = new("server", record.Server);
        _requests.Add(1, [model, client, server, new("endpoint", record.Endpoint), new("outcome", WireWord.Of(record.Outcome))]);
        foreach (var (counter, value) in _sums)
            if (value(record) is { } known) counter.Add(known, model, client, server);
        foreach (var (histogram, milliseconds) in _times)
            if (milliseconds(record) is { } known) histogram.Record(known / 1e3, model, server);
    }

    private static MetricRow Row(string name, string unit, string labels, string help) => new(name, unit, labels, help, "the proxy", MetricCost.None);
}
