using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Looks at who is on each GPU: the models' own processes and strangers.</summary>
internal sealed class GuardSight(LatestSample latest, IVerdicts verdicts, OwnProcesses own)
{
    public void Look(IReadOnlyCollection<GuardedGpu> gpus, TimeSpan now)
    {
        var rows = latest.Processes.Rows.ToList();
        own.Keep(rows.Select(row => (row.Pid, row.StartedAt)).ToHashSet());
        var byGpu = rows.ToLookup(row => row.GpuUuid);
        foreach (var gpu in gpus) Look(gpu, byGpu[gpu.Uuid], now);
        // A game will be drawn where the screen is; where nothing is drawn yet it may be anywhere
        var drawn = rows.Where(row => row.Context is GpuContext.Graphics or GpuContext.ComputeAndGraphics).Select(row => row.GpuUuid).ToHashSet();
        foreach (var gpu in gpus) gpu.MayBePlayedOn = drawn.Count == 0 || drawn.Contains(gpu.Uuid);
    }

    private void Look(GuardedGpu gpu, IEnumerable<GpuProcessObserved> rows, TimeSpan now)
    {
        var ours = new List<(string Server, OwnProcess Process)>();
        var strangers = new List<(GpuProcessObserved, GpuProcessUsage?, ReceivedVerdict?)>();
        foreach (var row in rows)
        {
            var usage = gpu.View?.Processes?.FirstOrDefault(one => one.Pid == row.Pid && one.StartedAt == row.StartedAt);
            if (own.Of(row, now) is { } owner)
                ours.Add((owner.Server?.Name ?? "", new OwnProcess(row, usage?.MemoryUsedBytes ?? row.MemoryUsedBytes, owner.IsRunner)));
            else
                strangers.Add((row, usage, verdicts.Find(row.Pid, row.StartedAt)));
        }
        gpu.Own = ours.ToLookup(one => one.Server, one => one.Process);
        gpu.Strangers = gpu.Watch.Look(strangers, gpu.View?.ProcessesReadAt, now);
        foreach (var server in gpu.Own)
            gpu.RunnerBytesBefore[server.Key] = Math.Max(gpu.RunnerBytesBefore.GetValueOrDefault(server.Key), server.Sum(process => process.MemoryBytes ?? 0));
    }
}
