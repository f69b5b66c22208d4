using Microsoft.EntityFrameworkCore;

namespace GpuPlatform.History.Storage;

/// <summary>The tables of hand-overs and of what processes used. <c>process_list</c>, which holds an hour, is in the migration alone.</summary>
internal static class GuardSchema
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<GuardEventRow>(step =>
        {
            step.ToTable("guard_event").HasKey(row => new { row.NodeId, row.GpuUuid, row.ChangedAt });
            step.Property(row => row.FromState).HasMaxLength(TextLimits.Word);
            step.Property(row => row.ToState).HasMaxLength(TextLimits.Word);
            step.Property(row => row.Throttle).HasMaxLength(TextLimits.Word);
            step.Property(row => row.Cause).HasMaxLength(TextLimits.Word);
            step.Property(row => row.Reason).HasMaxLength(TextLimits.Reason);
            step.Property(row => row.ProcessName).HasMaxLength(TextLimits.Name);
            step.HasIndex(row => row.ChangedAt);
            step.HasIndex(row => row.HandOverId);
        });
        model.Entity<ProcessHourRow>(hour =>
        {
            hour.ToTable("process_hour").HasKey(row => new { row.NodeId, row.Pid, row.StartedAt, row.GpuUuid, row.Hour });
            hour.HasIndex(row => row.Hour);
        });
        model.Entity<ProcessKindRow>(verdict =>
        {
            verdict.ToTable("process_kind").HasKey(row => new { row.NodeId, row.Pid, row.StartedAt, row.ObservedAt });
            verdict.Property(row => row.Rule).HasMaxLength(TextLimits.Name);
        });
    }
}
