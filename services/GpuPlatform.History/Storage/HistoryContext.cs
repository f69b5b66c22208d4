using System.Text.RegularExpressions;
using GpuPlatform.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace GpuPlatform.History.Storage;

/// <summary>The schema. Ingest and range queries speak SQL to the same tables.</summary>
internal sealed partial class HistoryContext(DbContextOptions<HistoryContext> options) : DbContext(options)
{
    public DbSet<NodeRow> Nodes => Set<NodeRow>();
    public DbSet<GpuRow> Gpus => Set<GpuRow>();
    public DbSet<GpuSampleRow> GpuSamples => Set<GpuSampleRow>();
    public DbSet<GpuDetailRow> GpuDetails => Set<GpuDetailRow>();
    public DbSet<GpuLatestDetailRow> GpuLatestDetails => Set<GpuLatestDetailRow>();
    public DbSet<HostSampleRow> HostSamples => Set<HostSampleRow>();
    public DbSet<GpuProcessRow> GpuProcesses => Set<GpuProcessRow>();
    public DbSet<ProcessVerdictRow> ProcessVerdicts => Set<ProcessVerdictRow>();
    public DbSet<LlmTraitRow> LlmTraits => Set<LlmTraitRow>();
    public DbSet<LlmRequestRow> LlmRequests => Set<LlmRequestRow>();
    public DbSet<LlmContentRow> LlmContents => Set<LlmContentRow>();
    public DbSet<ModelResidencyRow> ModelResidencies => Set<ModelResidencyRow>();
    public DbSet<GuardEventRow> GuardEvents => Set<GuardEventRow>();
    public DbSet<ProcessHourRow> ProcessHours => Set<ProcessHourRow>();
    public DbSet<ProcessKindRow> ProcessKinds => Set<ProcessKindRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<WorkloadKind>().HaveConversion<KindConverter>().HaveMaxLength(32);
        conventions.Properties<GpuContext>().HaveConversion<ContextConverter>().HaveMaxLength(32);
        conventions.Properties<GpuState>().HaveConversion<StateConverter>().HaveMaxLength(32);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        DescribeHosts(model);
        DescribeGpus(model);
        DescribeProcesses(model);
        LlmSchema.Describe(model);
        GuardSchema.Describe(model);
        NameColumns(model);
    }

    private static void DescribeHosts(ModelBuilder model)
    {
        model.Entity<NodeRow>(node =>
        {
            node.ToTable("node").HasKey(row => row.NodeId);
            node.Property(row => row.CollectorVersion).HasMaxLength(TextLimits.Version);
            node.Property(row => row.GpuSource).HasMaxLength(TextLimits.Version);
            node.Property(row => row.GpuUnavailableReason).HasMaxLength(TextLimits.Reason);
            node.Property(row => row.DriverVersion).HasMaxLength(TextLimits.Version);
            node.Property(row => row.CudaVersion).HasMaxLength(TextLimits.Version);
            node.Property(row => row.NvmlVersion).HasMaxLength(TextLimits.Version);
        });
        model.Entity<HostSampleRow>(sample =>
        {
            sample.ToTable("host_sample").HasKey(row => new { row.NodeId, row.SampledAt });
            sample.HasIndex(row => row.SampledAt).HasMethod("brin");
        });
    }

    private static void DescribeGpus(ModelBuilder model)
    {
        model.Entity<GpuRow>(gpu =>
        {
            gpu.ToTable("gpu").HasKey(row => row.GpuUuid);
            gpu.Property(row => row.Name).HasMaxLength(TextLimits.Name);
            gpu.Property(row => row.ParentUuid).HasMaxLength(TextLimits.GpuUuid);
        });
        model.Entity<GpuSampleRow>(sample =>
        {
            sample.ToTable("gpu_sample").HasKey(row => new { row.GpuUuid, row.SampledAt });
            sample.Property(row => row.Error).HasMaxLength(TextLimits.Reason);
            // Rows arrive in the order of time: a block-range index finds a range in a few kilobytes.
            sample.HasIndex(row => row.SampledAt).HasMethod("brin");
        });
        model.Entity<GpuDetailRow>(detail =>
        {
            detail.ToTable("gpu_detail").HasKey(row => new { row.GpuUuid, row.SampledAt });
            detail.HasIndex(row => row.SampledAt).HasMethod("brin");
        });
        model.Entity<GpuLatestDetailRow>(detail =>
        {
            detail.ToTable("gpu_latest_detail").HasKey(row => row.GpuUuid);
            detail.Property(row => row.Document).HasColumnType("jsonb");
        });
    }

    private static void DescribeProcesses(ModelBuilder model)
    {
        model.Entity<GpuProcessRow>(process =>
        {
            process.ToTable("gpu_process").HasKey(row => new { row.NodeId, row.Pid, row.StartedAt, row.GpuUuid });
            process.Property(row => row.Name).HasMaxLength(TextLimits.Name);
            process.Property(row => row.ExecutablePath).HasMaxLength(TextLimits.Path);
            process.Property(row => row.UserName).HasMaxLength(TextLimits.Name);
            process.Property(row => row.ControlGroup).HasMaxLength(TextLimits.Path);
            process.Property(row => row.Runtime).HasMaxLength(32);
            process.Property(row => row.ContainerId).HasMaxLength(TextLimits.Path);
            process.Property(row => row.PodUid).HasMaxLength(TextLimits.Version);
            process.Property(row => row.Unit).HasMaxLength(TextLimits.Path);
            process.Property(row => row.ApplicationId).HasMaxLength(TextLimits.Path);
            process.Property(row => row.Environment).HasColumnType("jsonb");
            // Open processes and those that ended after some instant: both are few and found without reading the rest.
            process.HasIndex(row => new { row.EndedAt, row.NodeId });
            process.HasIndex(row => row.FirstSeenAt);
        });
        model.Entity<ProcessVerdictRow>(verdict =>
        {
            verdict.ToTable("process_verdict").HasKey(row => new { row.NodeId, row.Pid, row.StartedAt });
            verdict.Property(row => row.Rule).HasMaxLength(TextLimits.Name);
            verdict.Property(row => row.Reason).HasMaxLength(TextLimits.Reason);
            verdict.Property(row => row.Rules).HasColumnType("jsonb");
        });
    }

    private static void NameColumns(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
                if (property.Name == "NodeId")
                    property.SetMaxLength(TextLimits.NodeId);
                if (property.Name == "GpuUuid")
                    property.SetMaxLength(TextLimits.GpuUuid);
            }

            foreach (var index in entity.GetIndexes().Where(index => index.GetFilter() is null))
                index.SetDatabaseName($"ix_{entity.GetTableName()}_{string.Join('_', index.Properties.Select(property => SnakeCase(property.Name)))}");
            entity.FindPrimaryKey()?.SetName($"pk_{entity.GetTableName()}");
        }
    }

    private static string SnakeCase(string name) => Hump().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]|(?<=[a-z])[0-9]", RegexOptions.None, 1000)]
    private static partial Regex Hump();

    private sealed class KindConverter() : ValueConverter<WorkloadKind, string>(
        kind => WireName.Of(kind), name => WireName.Parse<WorkloadKind>(name) ?? WorkloadKind.General);

    private sealed class StateConverter() : ValueConverter<GpuState, string>(
        state => WireName.Of(state), name => WireName.Parse<GpuState>(name) ?? GpuState.Active);

    private sealed class ContextConverter() : ValueConverter<GpuContext, string>(
        context => WireName.Of(context), name => WireName.Parse<GpuContext>(name) ?? GpuContext.Compute);
}
