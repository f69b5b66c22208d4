using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Requests at model servers under the names <c>gpumon_llm_…</c>, by model.</summary>
internal sealed class GpumonLlmMetrics : IRecordSink
{
    private readonly LlmLabels _labels;
    private readonly Counter<long>? _sessions;
    private readonly Histogram<double>? _tokensPerSecond;
    private readonly Histogram<double>? _firstToken;

    public GpumonLlmMetrics(IMeterFactory meters, LlmLabels labels, IOptions<MetricsOptions> options)
    {
        _labels = labels;
        if (!options.Value.Gpumon) return;
        var meter = meters.Create(MeterNames.ScrapedOnly("GpumonLlm"));
        _sessions = meter.CreateCounter<long>("gpumon_llm_session_count", unit: null, "Requests at model servers that ended, since start.");
        _tokensPerSecond = meter.CreateHistogram("gpumon_llm_tokens_per_second", unit: null, "Tokens generated per second: of decoding where the server tells it, else as they passed.",
            tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramSteps.TokensPerSecond });
        _firstToken = meter.CreateHistogram("gpumon_llm_time_to_first_token_ms", unit: null, "From the request fully received to the first token, of replies that stream.",
            tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramSteps.Milliseconds });
    }

    public void Take(LlmRequestCompleted record)
    {
        var model = new KeyValuePair<string, object?>("model", _labels.Model(record));
        _sessions?.Add(1, model);
        if ((record.TokensPerSecondDecode ?? record.TokensPerSecondWire) is { } rate) _tokensPerSecond?.Record(rate, model);
        if (record.TimeToFirstTokenMs is { } wait) _firstToken?.Record(wait, model);
    }
}
