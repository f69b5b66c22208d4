using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Says which foreign processes take a GPU. A person's lists come first, then the classifier's word, then caution. Pure.</summary>
internal sealed class TakerRules(GuardOptions options)
{
    private readonly TakerKinds _kinds = TakerKinds.Parse(options.Kinds);
    private readonly ProgramList _ignored = new(options.Ignore);
    private readonly ProgramList _exclusive = new(options.Exclusive);

    /// <summary>Whether the process draws so much just now that its kind does not matter when it goes on.</summary>
    public bool IsHeavy(GpuContext? context, long? memoryBytes, double? smPercent) =>
        context is GpuContext.Graphics or GpuContext.ComputeAndGraphics && memoryBytes >= options.HeavyMemoryBytes && smPercent >= options.HeavySmPercent;

    public Judgement Judge(ForeignProcess process, TimeSpan now)
    {
        if (_ignored.Match(process.Facts) is not null) return default;
        if (_exclusive.Match(process.Facts) is { } entry) return Takes(process, $"{process.Name} is here, which Guard:Exclusive lists as {entry}");
        return process.Verdict is { } verdict ? JudgeKind(process, verdict.Verdict) : JudgeUnnamed(process, now);
    }

    private Judgement JudgeKind(ForeignProcess process, ProcessClassified verdict)
    {
        if (_kinds.Contains(verdict.Kind))
            return IsBigEnough(process) ? Takes(process, $"{process.Name} is {WireWord.Of(verdict.Kind)} ({verdict.Reason}){Share(process)}") : default;
        if (!_kinds.UnknownHeavy || verdict.Kind is not (WorkloadKind.General or WorkloadKind.Compute)) return default;
        if (process.HeavySince is not { } since) return default;
        return process.HeavySeen - since >= options.HeavyFor
            ? Takes(process, $"{process.Name} is of no known kind and draws a lot{Share(process)}")
            : new Judgement(null, since + options.HeavyFor);
    }

    // The classifier or its broker may be away: better the models wait than the person
    private Judgement JudgeUnnamed(ForeignProcess process, TimeSpan now)
    {
        if (DesktopPrograms.Has(process.Facts, process.MemoryBytes)) return default;
        var due = process.FirstSeen + options.NoVerdictAfter;
        return now < due
            ? new Judgement(null, due)
            : Takes(process, $"{process.Name} is on the GPU, and nobody said within {options.NoVerdictAfter.TotalSeconds:0.#} s what it is{Share(process)}");
    }

    // What the driver does not say is not held against the models' waiting
    private bool IsBigEnough(ForeignProcess process) =>
        process.MemoryBytes is null || process.MemoryBytes >= options.TakeMemoryBytes || process.SmPercent >= options.TakeSmPercent;

    private static Judgement Takes(ForeignProcess process, string reason) => new(new Taker(process.ToProcess(), reason, process.FirstSeen)
    {
        IsGame = process.Verdict is { } verdict
            ? verdict.Verdict.Kind == WorkloadKind.Gaming
            : process.Facts.Context is GpuContext.Graphics or GpuContext.ComputeAndGraphics,
        TraceParent = process.Verdict?.TraceParent,
    }, null);

    private static string Share(ForeignProcess process) =>
        process.MemoryBytes is { } bytes ? $", with {bytes / (double)(1L << 30):0.0} GiB" : "";
}
