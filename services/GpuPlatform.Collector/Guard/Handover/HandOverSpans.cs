using System.Diagnostics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// The trace of a hand-over: one span until the GPU is given away, and one for each step, which is made when the step is over. A game may last for hours and
/// the collector may not, so what is left of the first is its id alone.
/// </summary>
internal sealed class HandOverSpans
{
    private Activity? _root;

    /// <summary>W3C id under which the steps stand; null without a listener.</summary>
    public string? TraceParent { get; private set; }

    /// <summary>Begins a hand-over below what caused it.</summary>
    public void Begin(string? cause, string gpuUuid, GuardDemand demand)
    {
        _root?.Dispose();
        var previous = Activity.Current;
        Activity.Current = null;
        _ = ActivityContext.TryParse(cause, null, isRemote: true, out var parent);
        _root = CollectorTelemetry.Source.StartActivity("hand over gpu", ActivityKind.Internal, parent);
        _root?.SetTag("gpuplatform.gpu.uuid", gpuUuid).SetTag("gpuplatform.guard.cause", WireWord.Of(demand.Cause)).SetTag("gpuplatform.guard.reason", demand.Reason);
        if (demand.Process is { } process) _root?.SetTag("process.pid", process.Pid).SetTag("process.executable.name", process.Name);
        TraceParent = _root?.Id;
        Activity.Current = previous;
    }

    /// <summary>Goes on with a hand-over that an earlier run of the collector began.</summary>
    public void Restore(string? traceParent) => TraceParent = traceParent;

    /// <summary>The span of a step that is over, the current one until it is disposed of: what is sent meanwhile belongs to it.</summary>
    public StepSpan Step(GuardChanged change)
    {
        var previous = Activity.Current;
        Activity.Current = null;
        var duration = TimeSpan.FromMilliseconds(change.InStateMs ?? 0);
        var takes = change.From == GuardState.Serving || change.From == change.To;
        var activity = ActivityContext.TryParse(TraceParent, null, isRemote: false, out var parent)
            ? CollectorTelemetry.Source.CreateActivity($"gpu {(takes ? "taken" : WireWord.Of(change.From))}", ActivityKind.Internal, parent)
            : null;
        // The time before a hand-over is no part of it
        activity?.SetStartTime((takes ? change.ChangedAt : change.ChangedAt - duration).UtcDateTime);
        activity?.Start().SetTag("gpuplatform.gpu.uuid", change.GpuUuid).SetTag("gpuplatform.guard.to", WireWord.Of(change.To)).SetTag("gpuplatform.guard.reason", change.Reason);
        return new StepSpan(activity, previous, change.ChangedAt);
    }

    /// <summary>The GPU is given away, or was not after all.</summary>
    public void EndRoot()
    {
        _root?.Dispose();
        _root = null;
    }

    /// <summary>A span that ends at an instant.</summary>
    internal readonly struct StepSpan(Activity? activity, Activity? previous, DateTimeOffset endedAt) : IDisposable
    {
        public void Dispose()
        {
            activity?.SetEndTime(endedAt.UtcDateTime);
            activity?.Dispose();
            Activity.Current = previous;
        }
    }
}
