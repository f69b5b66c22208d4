using GpuPlatform.History.Storage;
using Microsoft.EntityFrameworkCore;

namespace GpuPlatform.Tests.History;

public sealed class SchemaTests
{
    [Fact]
    public void The_migrations_lead_to_the_model()
    {
        using var context = new HistoryContext(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql("Host=nowhere").Options);

        Assert.False(context.Database.HasPendingModelChanges(), "the model differs from its snapshot beside the migrations");
    }
}
