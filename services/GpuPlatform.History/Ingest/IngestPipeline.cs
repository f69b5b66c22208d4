using System.Collections.Concurrent;
using GpuPlatform.Contracts;
using GpuPlatform.History.Live;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Ingest;

/// <summary>The way of every message: checked, stored, then shown. A message is taken only when this returns.</summary>
internal sealed partial class IngestPipeline(
    GpuSampleStore gpuSamples, HostSampleStore hostSamples, ProcessStore processes, LlmStore llm, GuardStore guard, SchemaStartup schema, DatabaseOutage outage, LiveState live,
    HistoryMetrics metrics, TimeProvider time, IOptions<HistoryOptions> options, ILogger<IngestPipeline> logger)
{
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromMinutes(1);
    private readonly MessageRules _rules = new(time, options.Value.MaxClockLead);
    private readonly LlmRules _llmRules = new(new MessageRules(time, options.Value.MaxClockLead));
    private readonly GuardRules _guardRules = new(new MessageRules(time, options.Value.MaxClockLead));
    private readonly ConcurrentDictionary<string, long> _complaints = new(StringComparer.Ordinal);

    public Task TakeAsync(GpuSampled message, CancellationToken cancellation) =>
        RunAsync("gpu-sampled", message.NodeId, _rules.Check(message), message, gpuSamples.SaveAsync, live.Apply, cancellation);

    public Task TakeAsync(HostSampled message, CancellationToken cancellation) =>
        RunAsync("host-sampled", message.NodeId, _rules.Check(message), message, hostSamples.SaveAsync, live.Apply, cancellation);

    public Task TakeAsync(GpuProcessObserved message, CancellationToken cancellation) =>
        RunAsync("process-observed", message.NodeId, _rules.Check(message), message, processes.SaveAsync, live.Apply, cancellation);

    public Task TakeAsync(ProcessClassified message, CancellationToken cancellation) =>
        RunAsync("process-classified", message.NodeId, _rules.Check(message), message, processes.SaveAsync, live.Apply, cancellation);

    public Task TakeAsync(LlmRequestCompleted message, CancellationToken cancellation) =>
        RunAsync("llm-request", message.NodeId, _llmRules.Check(message), message, llm.SaveAsync, static _ => { }, cancellation);

    public Task TakeAsync(ModelResidencyChanged message, CancellationToken cancellation) =>
        RunAsync("model-residency", message.NodeId, _llmRules.Check(message), message, llm.SaveAsync, static _ => { }, cancellation);

    public Task TakeAsync(GuardChanged message, CancellationToken cancellation) =>
        RunAsync("guard-changed", message.NodeId, _guardRules.Check(message), message, guard.SaveAsync, live.Apply, cancellation);

    /// <summary>Of what goes on at this moment nothing is kept: it does not wait for the database.</summary>
    public Task TakeAsync(LlmActivity message, CancellationToken cancellation) =>
        RunAsync("llm-activity", message.NodeId, _llmRules.Check(message), message, save: null, live.Apply, cancellation);

    private async Task RunAsync<T>(string type, string? nodeId, string? problem, T message, Func<T, CancellationToken, Task<Stored>>? save,
        Action<T> show, CancellationToken cancellation)
    {
        using var activity = HistoryMetrics.Source.StartActivity("history.ingest");
        activity?.SetTag("gpuplatform.message.type", type).SetTag("gpuplatform.node.id", nodeId);
        if (problem is not null)
        {
            activity?.SetTag("gpuplatform.refused", problem);
            Refuse(type, nodeId, problem);
            return;
        }

        var began = time.GetTimestamp();
        var stored = save is null ? default : await StoreAsync(message, save, cancellation);
        metrics.CountStored(type, stored.Inserted, stored.Duplicates, time.GetElapsedTime(began));
        activity?.SetTag("gpuplatform.rows.inserted", stored.Inserted).SetTag("gpuplatform.rows.duplicate", stored.Duplicates);
        show(message);
    }

    private async Task<Stored> StoreAsync<T>(T message, Func<T, CancellationToken, Task<Stored>> save, CancellationToken cancellation)
    {
        await schema.Ready.WaitAsync(cancellation);
        return await outage.OutlastAsync(attempt => save(message, attempt), cancellation);
    }

    private void Refuse(string type, string? nodeId, string problem)
    {
        metrics.CountRefused(type, problem);
        // A collector with a wrong clock repeats itself with every tick: one line a minute for each complaint is enough.
        var now = time.GetTimestamp();
        var last = _complaints.GetValueOrDefault(problem, long.MinValue);
        if (last != long.MinValue && time.GetElapsedTime(last, now) < QuietPeriod)
            return;
        _complaints[problem] = now;
        Log.Refused(logger, type, nodeId is { Length: > TextLimits.NodeId } ? nodeId[..TextLimits.NodeId] : nodeId, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Refused a {Type} message of node '{NodeId}': {Problem}. The same complaint is silent for a minute")]
        public static partial void Refused(ILogger logger, string type, string? nodeId, string problem);
    }
}
