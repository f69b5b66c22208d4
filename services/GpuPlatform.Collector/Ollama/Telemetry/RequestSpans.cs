using System.Diagnostics;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// Makes the span of a request once it has ended, with the instants at which it began and ended: nothing of it costs the stream, and its name can tell the
/// model, which is known only after the request's body.
/// </summary>
internal sealed class RequestSpans(IOptions<MetricsOptions> options)
{
    private readonly GenAiNames _names = GenAiNames.For(options.Value.GenAi) ?? GenAiNames.Newest;

    /// <summary>Makes the span and makes it the current one until it is disposed of: what is sent meanwhile belongs to its trace.</summary>
    public RecordedSpan Start(LlmRequest request, LlmRequestCompleted record)
    {
        var previous = Activity.Current;
        // The worker has no trace of its own that a request could be mistaken for a part of
        Activity.Current = null;
        _ = ActivityContext.TryParse(request.TraceParent, request.TraceState, isRemote: true, out var parent);
        var activity = CollectorTelemetry.Source.CreateActivity(
            record.Model is { } model ? $"{record.Operation} {model}" : record.Operation, ActivityKind.Client, parent);
        if (activity is null) return new RecordedSpan(null, previous, default);
        activity.SetStartTime(request.StartedAt.UtcDateTime);
        activity.Start();
        if (activity.IsAllDataRequested) Describe(activity, request, record);
        return new RecordedSpan(activity, previous, request.StartedAt.UtcDateTime + TimeSpan.FromMilliseconds(record.DurationMs));
    }

    private void Describe(Activity activity, LlmRequest request, LlmRequestCompleted record)
    {
        activity.SetTag("gen_ai.operation.name", record.Operation).SetTag(_names.Provider, record.Server)
            .SetTag("server.address", request.Server.Upstream.Host).SetTag("server.port", request.Server.Upstream.Port);
        Set("gen_ai.request.model", record.Model);
        Set("gen_ai.response.model", request.Reply?.Facts.Model is { Length: <= RequestRecords.LongestName } answered ? answered : null);
        Set("gen_ai.usage.input_tokens", record.PromptTokens);
        Set("gen_ai.usage.output_tokens", record.CompletionTokens);
        Set("gen_ai.response.finish_reasons", record.FinishReason is { } reason ? new[] { reason } : null);
        if (_names.HasStreaming)
        {
            Set("gen_ai.usage.cache_read.input_tokens", record.CachedTokens);
            Set("gen_ai.request.stream", record.Streaming);
            Set("gen_ai.response.time_to_first_chunk", record.TimeToFirstTokenMs / 1e3);
        }
        Set("gpuplatform.llm.client", record.Client.Name);
        Set("gpuplatform.llm.energy_joules", record.EnergyJoules);
        Set("gpuplatform.llm.held_seconds", record.HeldMs / 1e3);
        if (GenAiNames.ErrorType(record) is not { } error) return;
        activity.SetTag("error.type", error);
        activity.SetStatus(ActivityStatusCode.Error, record.Error);

        void Set(string name, object? value)
        {
            if (value is not null) activity.SetTag(name, value);
        }
    }
}

/// <summary>A span that is the current one until it is disposed of, and ends at an instant in the past. Without a listener there is none.</summary>
internal readonly struct RecordedSpan(Activity? activity, Activity? previous, DateTime endedAt) : IDisposable
{
    /// <summary>Its trace, when it is recorded.</summary>
    public string? TraceId => activity is { Recorded: true } ? activity.TraceId.ToHexString() : null;

    public void Dispose()
    {
        activity?.SetEndTime(endedAt);
        activity?.Dispose();
        Activity.Current = previous;
    }
}
