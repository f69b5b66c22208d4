using System.Runtime.InteropServices;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Drm;

/// <summary>The processes on one card: the clients of its driver, and ROCm's. Where both know a process the larger memory counts.</summary>
internal sealed class DrmProcesses(DrmClients clients, Kfd? kfd, EngineMeter meter)
{
    private readonly Dictionary<int, Row> _rows = [];
    private readonly List<(int Pid, long MemoryBytes)> _rocm = [];

    /// <summary>Replaces the list's content. <paramref name="countsSystem"/>: the card has no memory but the host's.</summary>
    public void Read(DrmFileList list, bool countsSystem, List<GpuProcessReading> processes)
    {
        processes.Clear();
        _rows.Clear();
        ReadClients(list, countsSystem);
        ReadRocm();
        foreach (var (pid, row) in _rows)
            if (row.IsUser)
                processes.Add(row.ToReading(pid));
    }

    private void ReadClients(DrmFileList list, bool countsSystem)
    {
        meter.Begin();
        clients.Begin(list);
        while (clients.MoveNext(out var pid, out var key, out var info))
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, pid, out _);
            var bytes = countsSystem ? Sum(info.LocalBytes, info.SystemBytes) : info.LocalBytes;
            row.MemoryBytes = Sum(row.MemoryBytes, bytes);
            row.UsesCompute |= info.UsedCompute;
            row.UsesGraphics |= info.UsedGraphics;
            // One that only opened the device to look at it is no user of the card
            row.IsUser |= info.UsedEngines || bytes > 0;
            if (meter.Measure(key, info) is not { } shares)
                continue;
            row.IsMeasured = true;
            row.Shares.Add(shares);
        }
        meter.End();
    }

    private void ReadRocm()
    {
        kfd?.Read(_rocm);
        foreach (var (pid, bytes) in _rocm)
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, pid, out _);
            row.MemoryBytes = Math.Max(row.MemoryBytes ?? 0, bytes);
            row.UsesCompute = row.IsUser = row.IsRocm = true;
        }
    }

    private static long? Sum(long? a, long? b) => a is null ? b : b is null ? a : a > long.MaxValue - b ? long.MaxValue : a + b;

    private struct Row
    {
        public long? MemoryBytes;
        public EngineShares Shares;
        public bool IsMeasured;
        public bool IsUser;
        public bool IsRocm;
        public bool UsesCompute;
        public bool UsesGraphics;

        // The driver does not count ROCm's kernels: a share of 0 is not known to be true of it
        private readonly double? SmPercent => IsMeasured && (!IsRocm || Shares.SmPercent > 0) ? Shares.SmPercent : null;

        public readonly GpuProcessReading ToReading(int pid) => new(
            pid, UsesCompute ? UsesGraphics ? GpuContext.ComputeAndGraphics : GpuContext.Compute : GpuContext.Graphics, MemoryBytes)
        {
            SmPercent = SmPercent,
            EncoderPercent = IsMeasured ? Shares.EncoderPercent : null,
            DecoderPercent = IsMeasured ? Shares.DecoderPercent : null,
        };
    }
}
