using GpuPlatform.Collector.Ollama.Telemetry;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Metrics;

/// <summary>Configuration section <c>Metrics</c>: which sets of names there are beside the collector's own.</summary>
internal sealed class MetricsOptions : IValidateOptions<MetricsOptions>
{
    public const string Section = "Metrics";

    /// <summary>The names <c>gpumon_…</c> at <c>/metrics</c>.</summary>
    public bool Gpumon { get; set; } = true;

    /// <summary>The names of dcgm-exporter up to 4.8 at <c>/metrics</c>, in its units: existing boards read them.</summary>
    public bool Dcgm { get; set; }

    /// <summary>The names <c>hw.…</c> of OpenTelemetry's conventions, over OTLP.</summary>
    public bool OpenTelemetry { get; set; } = true;

    /// <summary>Version of OpenTelemetry's conventions whose names <c>gen_ai.…</c> requests at model servers have over OTLP; <c>off</c>: none.</summary>
    public string GenAi { get; set; } = GenAiNames.Newest.Version;

    /// <summary>Both at <c>/metrics</c> too.</summary>
    public bool OpenTelemetryInPrometheus { get; set; }

    /// <summary>Series for each process. Off because every process that starts makes new ones; the history keeps them anyway.</summary>
    public bool Processes { get; set; }

    public ValidateOptionsResult Validate(string? name, MetricsOptions options) => options.GenAi == GenAiNames.Off || GenAiNames.For(options.GenAi) is not null
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Metrics:GenAi is '{options.GenAi}'; accepted are {string.Join(", ", GenAiNames.All.Select(names => names.Version))} and {GenAiNames.Off}");
}
