using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.History.Storage;

/// <summary>Healthy when the schema is there and the database answers a trivial query within two seconds.</summary>
internal sealed class DatabaseHealthCheck(Databases databases, SchemaStartup schema) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!schema.Ready.IsCompletedSuccessfully)
            return HealthCheckResult.Unhealthy("the schema is not ready");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await using var command = databases.Queries.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(failure.GetBaseException().Message);
        }
    }
}
