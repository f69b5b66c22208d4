using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Who wants a GPU now: a fault before a person, a person before all others.</summary>
internal sealed class GuardDemands(GuardOptions options, TimeProvider time, IGameReports? games)
{
    private readonly QuietHours _quiet = QuietHours.Parse(options.QuietHours);

    /// <summary>Fills in who wants the GPU. Forgets what a person said when its time is over.</summary>
    public GuardInputs Of(GuardedGpu gpu)
    {
        if (gpu.IsChoiceOver(time)) gpu.Manual = null;
        if (Fault(gpu) is { } fault) return new GuardInputs { Demand = fault };
        if (gpu.Manual is { Yields: true } yields)
            return new GuardInputs
            {
                Demand = new GuardDemand(GuardCause.Manual, yields.Reason is { Length: > 0 } words ? $"given away by hand: {words}" : "given away by hand") { TraceParent = yields.TraceParent },
            };
        var others = options.Enabled ? Taker(gpu) ?? Reported(gpu) ?? Quiet() : null;
        if (gpu.Manual is not { Yields: false } resumed) return new GuardInputs { Demand = others };
        // Taken back in the face of somebody: that holds until nobody is there any more
        if (others is null && resumed.Until is null && gpu.Machine.State == GuardState.Serving) gpu.Manual = null;
        return new GuardInputs { IsResumed = true };
    }

    private GuardDemand? Fault(GuardedGpu gpu) =>
        options.Enabled && (FaultOf(gpu.Board, gpu.Seen) ?? FaultOf(gpu, gpu.Seen)) is { } fault ? new GuardDemand(GuardCause.Fault, fault) : null;

    private static string? FaultOf(GuardedGpu gpu, SeenFaults? seen) => gpu.View is { } view ? GpuFaults.Of(view.Sample, gpu.Details, seen) : null;

    private GuardDemand? Taker(GuardedGpu gpu) => gpu.Strangers.Taker is { } taker
        ? new GuardDemand(GuardCause.Process, taker.Reason)
        {
            Process = taker.Process, RipeAt = taker.Since + options.StartDebounce, IsGame = taker.IsGame, TraceParent = taker.TraceParent,
        }
        : null;

    private GuardDemand? Reported(GuardedGpu gpu) => gpu.MayBePlayedOn && games?.Running is { } words ? new GuardDemand(GuardCause.GameMode, words) { IsGame = true } : null;

    private GuardDemand? Quiet() => _quiet.At(TimeOnly.FromDateTime(time.GetLocalNow().DateTime)) is { } span
        ? new GuardDemand(GuardCause.QuietHours, $"quiet hours {span}")
        : null;
}
