using System.Diagnostics;
using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Requests at model servers under OpenTelemetry's names, with the bounds and attributes of its conventions.</summary>
internal sealed class GenAiMetrics : IRecordSink
{
    private static readonly double[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
    private static readonly double[] Durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] TimesPerToken = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly double[] FirstTokens = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly GenAiNames? _names;
    private readonly LlmLabels _labels;
    private readonly Dictionary<string, Uri> _upstreams;
    private readonly Histogram<long>? _tokens;
    private readonly Histogram<double>? _clientDuration;
    private readonly Histogram<double>? _firstChunk;
    private readonly Histogram<double>? _serverDuration;
    private readonly Histogram<double>? _perToken;
    private readonly Histogram<double>? _firstToken;

    public GenAiMetrics(IMeterFactory meters, LlmLabels labels, IOptions<MetricsOptions> metrics, IOptions<OllamaOptions> ollama)
    {
        (_names, _labels) = (GenAiNames.For(metrics.Value.GenAi), labels);
        _upstreams = ollama.Value.Servers().ToDictionary(server => server.Name, server => server.Upstream);
        if (_names is null) return;
        var meter = meters.Create(metrics.Value.OpenTelemetryInPrometheus ? "GpuPlatform.GenAi" : MeterNames.ExportedOnly("GenAi"));
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.",
            tags: null, advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. Tokens.Select(bound => (long)bound)] });
        _clientDuration = Seconds("gen_ai.client.operation.duration", "GenAI operation duration.", Durations);
        if (_names.HasStreaming) _firstChunk = Seconds("gen_ai.client.operation.time_to_first_chunk", "Time to receive the first chunk.", Durations);
        _serverDuration = Seconds("gen_ai.server.request.duration", "Generative AI server request duration.", Durations);
        _perToken = Seconds("gen_ai.server.time_per_output_token", "Time per output token generated after the first token for successful responses.", TimesPerToken);
        _firstToken = Seconds("gen_ai.server.time_to_first_token", "Time to generate first token for successful responses.", FirstTokens);

        Histogram<double> Seconds(string name, string help, double[] bounds) =>
            meter.CreateHistogram(name, "s", help, tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
    }

    public void Take(LlmRequestCompleted record)
    {
        if (_names is null || _tokens is null) return;
        var tags = Tags(record, _names);
        var error = GenAiNames.ErrorType(record);
        if (record.PromptTokens is { } input) _tokens.Record(input, With(tags, "gen_ai.token.type", "input"));
        if (record.CompletionTokens is { } output) _tokens.Record(output, With(tags, "gen_ai.token.type", "output"));
        Record(_firstChunk, record.TimeToFirstTokenMs, tags);
        if (error is null)
        {
            Record(_perToken, record.TimePerOutputTokenMs, tags);
            Record(_firstToken, record.TimeToFirstTokenMs, tags);
        }
        else
        {
            tags = With(tags, "error.type", error);
        }
        Record(_clientDuration, record.DurationMs, tags);
        // What the server itself says it took; where it says nothing there is only the whole
        Record(_serverDuration, record.QueueMs + (record.LoadMs ?? 0) + (record.PrefillMs ?? 0) + (record.DecodeMs ?? 0) ?? record.DurationMs, tags);
    }

    private TagList Tags(LlmRequestCompleted record, GenAiNames names)
    {
        var model = _labels.Model(record);
        var tags = new TagList { { "gen_ai.operation.name", record.Operation }, { names.Provider, record.Server }, { "gen_ai.request.model", model } };
        // Ollama answers with the name it was asked by; what another server answered with is not in the record
        if (record is { Outcome: LlmOutcome.Ok, Server: ModelServer.Ollama }) tags.Add("gen_ai.response.model", model);
        if (!_upstreams.TryGetValue(record.Server, out var upstream)) return tags;
        tags.Add("server.address", upstream.Host);
        tags.Add("server.port", upstream.Port);
        return tags;
    }

    private static TagList With(TagList tags, string name, string value)
    {
        tags.Add(name, value);
        return tags;
    }

    private static void Record(Histogram<double>? histogram, double? milliseconds, TagList tags)
    {
        if (milliseconds is { } known) histogram?.Record(known / 1e3, tags);
    }
}
