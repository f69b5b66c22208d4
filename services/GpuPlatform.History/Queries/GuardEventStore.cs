using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Microsoft.EntityFrameworkCore;

namespace GpuPlatform.History.Queries;

/// <summary>Reads steps of hand-overs, page by page.</summary>
internal sealed class GuardEventStore(IDbContextFactory<HistoryContext> contexts)
{
    public async Task<GuardEventPage> ReadAsync(GuardEventQuery query, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var steps = context.GuardEvents.AsNoTracking().Where(step => step.ChangedAt >= query.From && step.ChangedAt < query.To);
        if (query.NodeId is { } node)
            steps = steps.Where(step => step.NodeId == node);
        if (query.GpuUuid is { } gpu)
            steps = steps.Where(step => step.GpuUuid == gpu);
        if (query.HandOverId is { } story)
            steps = steps.Where(step => step.HandOverId == story);
        if (query.After is { } after)
        {
            var (at, lastNode, lastGpu) = (after.At, after.Key[0], after.Key[1]);
            steps = steps.Where(step => EF.Functions.LessThan(
                ValueTuple.Create(step.ChangedAt, step.NodeId, step.GpuUuid), ValueTuple.Create(at, lastNode, lastGpu)));
        }

        var rows = await steps.OrderByDescending(step => step.ChangedAt).ThenByDescending(step => step.NodeId).ThenByDescending(step => step.GpuUuid)
            .Take(query.PageSize + 1).ToListAsync(cancellation);
        var page = rows.Take(query.PageSize).Select(row => row.ToContract()).ToList();
        return new GuardEventPage
        {
            From = query.From, To = query.To, Events = page, NextCursor = rows.Count > page.Count ? query.CursorAt(page[^1]).ToString() : null,
        };
    }
}
