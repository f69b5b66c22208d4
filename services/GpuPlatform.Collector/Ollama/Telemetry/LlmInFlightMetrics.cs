using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama.Requests;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>How many requests are under way at each model server: zero, too, is said.</summary>
internal sealed class LlmInFlightMetrics
{
    public LlmInFlightMetrics(IMeterFactory meters, RequestLog log, IOptions<OllamaOptions> options)
    {
        var servers = options.Value.Servers();
        meters.Create(CollectorTelemetry.Name).CreateObservableGauge(Row.Name, () =>
        {
            var counts = log.Running.CountBy(request => request.Server.Name).ToDictionary();
            return servers.Select(server => new Measurement<int>(counts.GetValueOrDefault(server.Name), new KeyValuePair<string, object?>("server", server.Name)));
        }, unit: null, Row.Help);
    }

    public static MetricRow Row { get; } = new("gpuplatform_llm_requests_in_flight", "requests", "server", "Requests at model servers that are under way.", "the proxy", MetricCost.None);
}
