using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>The model servers and what they have in memory, as they were last seen. Of one that does not answer only that is left.</summary>
internal sealed class ModelMetrics
{
    private const string OfServer = "server";
    private const string OfModel = "server, model";

    private static readonly MetricRow Up = Row("gpuplatform_llm_server_up", "0 or 1", OfServer, "1 while the model server answers.");
    private static readonly MetricRow Running = Row("gpuplatform_llm_server_requests_running", "requests", OfServer, "Requests a model server works on, by its own metrics.");
    private static readonly MetricRow Waiting = Row("gpuplatform_llm_server_requests_waiting", "requests", OfServer, "Requests that wait in a model server, by its own metrics.");
    private static readonly MetricRow Cache = Row("gpuplatform_llm_server_cache_used_percent", "0–100", OfServer, "Used share of a model server's key-value cache, by its own metrics.");
    private static readonly MetricRow Size = Row("gpuplatform_llm_model_resident_bytes", "bytes", OfModel, "Memory of a model that is loaded, on the GPU and beside it.");
    private static readonly MetricRow Vram = Row("gpuplatform_llm_model_vram_bytes", "bytes", OfModel, "GPU memory of a model that is loaded.");
    private static readonly MetricRow Loads = Row("gpuplatform_llm_model_load_total", "loads", OfModel, "Times a model came into memory since the collector started.");
    private static readonly MetricRow Unloads = Row("gpuplatform_llm_model_unload_total", "unloads", OfModel, "Times a model left memory since the collector started.");

    public ModelMetrics(IMeterFactory meters, ILlmServers servers, ResidencyCounts counts)
    {
        var meter = meters.Create(CollectorTelemetry.Name);
        OfServers(Up, server => server.Reachable ? 1 : 0);
        OfServers(Running, server => server.RequestsRunning);
        OfServers(Waiting, server => server.RequestsWaiting);
        OfServers(Cache, server => server.CacheUsedPercent);
        OfModels(Size, model => model.SizeBytes);
        OfModels(Vram, model => model.VramBytes);
        meter.CreateObservableCounter(Loads.Name, () => counts.All.Select(count => Of(count.Loads, count.Server, count.Model)), unit: null, Loads.Help);
        meter.CreateObservableCounter(Unloads.Name, () => counts.All.Select(count => Of(count.Unloads, count.Server, count.Model)), unit: null, Unloads.Help);

        void OfServers(MetricRow row, Func<LlmServer, double?> value) => meter.CreateObservableGauge(row.Name, () => servers.Current
            .Where(server => value(server) is not null).Select(server => new Measurement<double>(value(server)!.Value, new KeyValuePair<string, object?>("server", server.Name))),
            unit: null, row.Help);

        void OfModels(MetricRow row, Func<ResidentModel, long?> value) => meter.CreateObservableGauge(row.Name, () => servers.Current
            .SelectMany(server => server.Resident.Where(model => value(model) is not null).Select(model => Of(value(model)!.Value, server.Name, model.Name))), unit: null, row.Help);
    }

    public static IReadOnlyList<MetricRow> Rows { get; } = [Up, Running, Waiting, Cache, Size, Vram, Loads, Unloads];

    private static Measurement<long> Of(long value, string server, string model) =>
        new(value, new KeyValuePair<string, object?>("server", server), new KeyValuePair<string, object?>("model", model));

    private static MetricRow Row(string name, string unit, string labels, string help) => new(name, unit, labels, help, "the model server", MetricCost.None);
}
