using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Live;

/// <summary>Fills the live state from the database, so that a restart shows at once what was known.</summary>
internal sealed class LiveLoad(TimeProvider time, IOptions<HistoryOptions> options)
{
    public async Task FillAsync(HistoryContext context, LiveState live, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - options.Value.ForgetAfter;
        await FillHostsAsync(context, live, since, cancellation);
        await FillGpusAsync(context, live, since, cancellation);
        await FillProcessesAsync(context, live, since, cancellation);
        await FillGuardAsync(context, live, cancellation);
    }

    // Of every GPU, however long ago: a GPU that has not changed hands for a week is still where it was. A host that is not known gets no entry by it
    private static async Task FillGuardAsync(HistoryContext context, LiveState live, CancellationToken cancellation)
    {
        var rows = await (
            from gpu in context.Gpus.AsNoTracking()
            from step in context.GuardEvents.Where(step => step.GpuUuid == gpu.GpuUuid && step.NodeId == gpu.NodeId)
                .OrderByDescending(step => step.ChangedAt).Take(1)
            select step).ToListAsync(cancellation);
        foreach (var row in rows.Where(row => live.Snapshot(row.NodeId) is not null))
            live.Restore(row.NodeId, state => state.Apply(row.ToContract()));
    }

    private static async Task FillHostsAsync(HistoryContext context, LiveState live, DateTimeOffset since, CancellationToken cancellation)
    {
        // A node's last_seen_at is the instant of its newest heartbeat, so the join finds exactly one row.
        var rows = await (
            from node in context.Nodes.AsNoTracking()
            where node.LastSeenAt > since
            join sample in context.HostSamples on new { node.NodeId, At = node.LastSeenAt } equals new { sample.NodeId, At = sample.SampledAt }
            orderby node.LastSeenAt descending // where there are more than the live state takes, the freshest have it
            select new { node, sample }).ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var message = new HostSampled
            {
                NodeId = row.node.NodeId,
                SampledAt = row.sample.SampledAt,
                CpuPercent = row.sample.CpuPercent,
                MemoryTotalBytes = row.sample.MemoryTotalBytes,
                MemoryUsedBytes = row.sample.MemoryUsedBytes,
                LogicalProcessorCount = row.node.LogicalProcessorCount,
                TaskCount = row.sample.TaskCount,
                LoadAverage1Minute = row.sample.LoadAverage1Minute,
                LoadAverage5Minutes = row.sample.LoadAverage5Minutes,
                LoadAverage15Minutes = row.sample.LoadAverage15Minutes,
                AverageGpuUtilizationPercent = row.sample.AverageGpuUtilizationPercent,
                Collector = new CollectorStatus
                {
                    Version = row.node.CollectorVersion,
                    GpuSource = row.node.GpuSource,
                    GpuUnavailableReason = row.node.GpuUnavailableReason,
                    DriverVersion = row.node.DriverVersion,
                    CudaVersion = row.node.CudaVersion,
                    NvmlVersion = row.node.NvmlVersion,
                    MessagesQueued = row.node.MessagesQueued,
                    MessagesDropped = row.node.MessagesDropped,
                    Problems = row.node.Problems,
                    GameMode = row.node.GameMode,
                    GuardEnabled = row.node.GuardEnabled,
                },
            };
            live.Restore(message.NodeId, state => state.Apply(message, message.SampledAt));
        }
    }

    private static async Task FillGpusAsync(HistoryContext context, LiveState live, DateTimeOffset since, CancellationToken cancellation)
    {
        var rows = await (
            from gpu in context.Gpus.AsNoTracking()
            where gpu.LastSeenAt > since
            join sample in context.GpuSamples on new { gpu.GpuUuid, At = gpu.LastSeenAt } equals new { sample.GpuUuid, At = sample.SampledAt } into samples
            from sample in samples.DefaultIfEmpty() // a GPU that sleeps is seen without a reading
            join detail in context.GpuLatestDetails on gpu.GpuUuid equals detail.GpuUuid into details
            from detail in details.DefaultIfEmpty()
            select new { gpu, sample, detail }).ToListAsync(cancellation);
        foreach (var node in rows.GroupBy(row => row.gpu.NodeId, StringComparer.Ordinal))
        {
            // The newest tick lists every GPU the host has: one that is missing there is gone.
            var newest = node.Max(row => row.gpu.LastSeenAt);
            var message = new GpuSampled
            {
                NodeId = node.Key,
                SampledAt = newest,
                Gpus = [.. node.Where(row => row.gpu.LastSeenAt == newest).Select(row => Sample(row.gpu, row.sample))],
            };
            live.Restore(node.Key, state =>
            {
                state.Apply(message, message.SampledAt);
                foreach (var row in node.Where(row => row.sample?.ListsProcesses is true))
                    state.List(row.gpu.GpuUuid, row.gpu.LastSeenAt);
                foreach (var row in node.Where(row => row.detail is not null && row.gpu.LastSeenAt == newest))
                    if (DetailDocument.Read(row.detail.Document) is { } details)
                        state.Read(row.gpu.GpuUuid, details, row.detail.ReadAt);
            });
        }
    }

    private static GpuSample Sample(GpuRow gpu, GpuSampleRow? sample) => new()
    {
        Uuid = gpu.GpuUuid,
        Index = gpu.Index,
        Name = gpu.Name,
        State = gpu.State,
        ParentUuid = gpu.ParentUuid,
        MemoryIsShared = gpu.MemoryIsShared,
        UtilizationPercent = sample?.UtilizationPercent,
        MemoryUtilizationPercent = sample?.MemoryUtilizationPercent,
        MemoryTotalBytes = sample?.MemoryTotalBytes,
        MemoryUsedBytes = sample?.MemoryUsedBytes,
        MemoryFreeBytes = sample?.MemoryFreeBytes,
        MemoryReservedBytes = sample?.MemoryReservedBytes,
        TemperatureCelsius = sample?.TemperatureCelsius,
        PowerWatts = sample?.PowerWatts,
        PowerLimitWatts = sample?.PowerLimitWatts,
        EnergyJoules = sample?.EnergyJoules,
        Error = sample?.Error,
    };

    private static async Task FillProcessesAsync(HistoryContext context, LiveState live, DateTimeOffset since, CancellationToken cancellation)
    {
        var rows = await (
            from process in context.GpuProcesses.AsNoTracking()
            where process.EndedAt == null && process.LastSeenAt > since
            join verdict in context.ProcessVerdicts on new { process.NodeId, process.Pid, process.StartedAt }
                equals new { verdict.NodeId, verdict.Pid, verdict.StartedAt } into verdicts
            from verdict in verdicts.DefaultIfEmpty()
            select new { process, verdict }).ToListAsync(cancellation);
        foreach (var row in rows)
            live.Restore(row.process.NodeId, state => Fill(state, row.process, row.verdict));
    }

    // Without memory: the row's own is of its newest sighting
    private static GpuProcessUsage Usage(GpuProcessRow process) => new()
    {
        Pid = process.Pid,
        StartedAt = process.StartedAt,
        SmPercent = process.SmPercent,
        MemoryPercent = process.MemoryPercent,
        EncoderPercent = process.EncoderPercent,
        DecoderPercent = process.DecoderPercent,
    };

    private static void Fill(NodeState state, GpuProcessRow process, ProcessVerdictRow? verdict)
    {
        // Before its description, which is older: what is older than the newest list counts as gone.
        state.See(process.GpuUuid, ProcessId.From(process.Pid, process.StartedAt), process.LastSeenAt, process.MemoryUsedBytes);
        if (process.UtilizationReadAt is { } listedAt)
            state.Use(process.GpuUuid, listedAt, Usage(process));
        state.Apply(new GpuProcessObserved
        {
            NodeId = process.NodeId,
            GpuUuid = process.GpuUuid,
            Pid = process.Pid,
            StartedAt = process.StartedAt,
            Change = ProcessChange.Changed,
            ObservedAt = process.DescribedAt ?? default,
            Name = process.Name,
            ExecutablePath = process.ExecutablePath,
            CommandLine = process.CommandLine,
            UserName = process.UserName,
            Ancestors = process.Ancestors,
            ControlGroup = process.ControlGroup,
            Scope = Scope(process),
            Environment = Environment(process.Environment),
            Context = process.Context,
        });
        if (verdict is null)
            return;
        state.Apply(new ProcessClassified
        {
            NodeId = verdict.NodeId,
            Pid = verdict.Pid,
            StartedAt = verdict.StartedAt,
            Kind = verdict.Kind,
            Confidence = verdict.Confidence,
            Rule = verdict.Rule,
            Reason = verdict.Reason,
            ObservedAt = verdict.ObservedAt,
            Rules = RuleDocument.Read(verdict.Rules),
        });
    }

    // The database keeps the names in an order of its own
    private static SortedDictionary<string, string>? Environment(string? json) => json is null ? null
        : new(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [], StringComparer.Ordinal);

    private static ProcessScope? Scope(GpuProcessRow process)
    {
        var scope = new ProcessScope
        {
            Runtime = WireName.Parse<ProcessRuntime>(process.Runtime),
            ContainerId = process.ContainerId,
            PodUid = process.PodUid,
            Unit = process.Unit,
            ApplicationId = process.ApplicationId,
        };
        return scope == new ProcessScope() ? null : scope;
    }
}
