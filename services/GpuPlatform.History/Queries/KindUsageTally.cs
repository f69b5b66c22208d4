using GpuPlatform.Contracts;

namespace GpuPlatform.History.Queries;

/// <summary>What one process did in an hour, as the table has it.</summary>
internal sealed record ProcessHour
{
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }
    public long MeasuredMs { get; init; }
    public long RestMs { get; init; }
    public long? MemoryKibMs { get; init; }
    public long? SmUs { get; init; }
    public long? EncoderUs { get; init; }
    public long? EnergyMillijoules { get; init; }
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Its first list stands for the time before it, too.</summary>
    public DateTimeOffset Start => End.AddMilliseconds(-MeasuredMs) is var measured && measured < FirstAt ? measured : FirstAt;

    /// <summary>The first list of the next hour stands for the rest of this one.</summary>
    public DateTimeOffset End => LastAt.AddMilliseconds(RestMs);
}

/// <summary>Adds up the processes of one kind in one hour of one GPU.</summary>
internal static class KindUsageTally
{
    private const double KibBytes = 1024;

    public static KindUsageHour Of(DateTimeOffset hour, string nodeId, string gpuUuid, WorkloadKind? kind, IReadOnlyList<ProcessHour> processes)
    {
        var present = Present(processes, hour);
        return new KindUsageHour
        {
            Hour = hour,
            NodeId = nodeId,
            GpuUuid = gpuUuid,
            Kind = kind,
            ProcessCount = processes.Count,
            PresentSeconds = present.TotalSeconds,
            SmSeconds = Sum(processes, process => process.SmUs) / 1e6,
            EncoderSeconds = Sum(processes, process => process.EncoderUs) / 1e6,
            MemoryAverageBytes = Sum(processes, process => process.MemoryKibMs) is { } kibMs && present > TimeSpan.Zero
                ? (long)(kibMs * KibBytes / present.TotalMilliseconds) : null,
            MemoryPeakBytes = Peak(processes),
            EnergyJoules = Sum(processes, process => process.EnergyMillijoules) / 1e3,
        };
    }

    // Time before the hour belongs to the one before, also of a process that no list of that one had
    private static TimeSpan Present(IReadOnlyList<ProcessHour> processes, DateTimeOffset hour)
    {
        var (sum, until) = (TimeSpan.Zero, hour);
        foreach (var process in processes.OrderBy(process => process.Start))
        {
            var start = process.Start > until ? process.Start : until;
            if (process.End <= start)
                continue;
            sum += process.End - start;
            until = process.End;
        }

        return sum;
    }

    private static double? Sum(IReadOnlyList<ProcessHour> processes, Func<ProcessHour, long?> figure)
    {
        double? sum = null;
        foreach (var process in processes)
            if (figure(process) is { } known)
                sum = (sum ?? 0) + known;
        return sum;
    }

    // The most is reached when one of them comes
    private static long? Peak(IReadOnlyList<ProcessHour> processes)
    {
        var open = new PriorityQueue<long, DateTimeOffset>();
        long? most = null;
        var sum = 0L;
        foreach (var process in processes.Where(process => process.PeakMemoryBytes is not null).OrderBy(process => process.FirstAt))
        {
            while (open.TryPeek(out var gone, out var leftAt) && leftAt < process.FirstAt)
            {
                sum -= gone;
                open.Dequeue();
            }

            open.Enqueue(process.PeakMemoryBytes!.Value, process.LastAt);
            sum += process.PeakMemoryBytes.Value;
            most = Math.Max(most ?? 0, sum);
        }

        return most;
    }
}
