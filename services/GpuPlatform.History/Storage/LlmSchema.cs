using Microsoft.EntityFrameworkCore;

namespace GpuPlatform.History.Storage;

/// <summary>The tables of requests at model servers.</summary>
internal static class LlmSchema
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<LlmTraitRow>(trait =>
        {
            trait.ToTable("llm_trait").HasKey(row => row.Id);
            trait.HasIndex(row => row.Key).IsUnique();
            trait.Property(row => row.Server).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.Endpoint).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.Api).HasMaxLength(TextLimits.Word);
            trait.Property(row => row.Operation).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.Model).HasMaxLength(TextLimits.Model);
            trait.Property(row => row.Client).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.ClientSource).HasMaxLength(TextLimits.Word);
            trait.Property(row => row.UserAgent).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.ClientAddress).HasMaxLength(TextLimits.Version);
            trait.Property(row => row.ProcessName).HasMaxLength(TextLimits.Name);
            trait.Property(row => row.Outcome).HasMaxLength(TextLimits.Word);
            trait.Property(row => row.FinishReason).HasMaxLength(TextLimits.Name);
        });
        model.Entity<LlmRequestRow>(request =>
        {
            request.ToTable("llm_request").HasKey(row => row.RequestId);
            request.Property(row => row.Error).HasMaxLength(TextLimits.Reason);
            request.HasIndex(row => row.StartedAt);
        });
        model.Entity<LlmContentRow>(content =>
        {
            content.ToTable("llm_content").HasKey(row => row.RequestId);
            content.Property(row => row.RequestHeaders).HasColumnType("jsonb");
            content.HasIndex(row => row.StartedAt);
        });
        model.Entity<ModelResidencyRow>(residency =>
        {
            residency.ToTable("model_residency").HasKey(row => new { row.NodeId, row.Server, row.Model, row.ChangedAt, row.Change });
            residency.Property(row => row.Server).HasMaxLength(TextLimits.Name);
            residency.Property(row => row.Model).HasMaxLength(TextLimits.Model);
            residency.Property(row => row.Change).HasMaxLength(TextLimits.Word);
            residency.Property(row => row.Reason).HasMaxLength(TextLimits.Reason);
            residency.HasIndex(row => row.ChangedAt);
        });
    }
}
