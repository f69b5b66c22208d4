using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Uplink;

/// <summary>
/// Check <c>broker</c>. Without its broker a service still measures and keeps what it measured, so it is degraded, never unhealthy;
/// without a configured broker it does all that it was asked to.
/// </summary>
internal sealed class UplinkHealthCheck(BrokerUplink uplink) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(uplink.State switch
    {
        UplinkState.Disabled => HealthCheckResult.Healthy("No broker is configured (ConnectionStrings:messaging)."),
        UplinkState.Connected => HealthCheckResult.Healthy(),
        _ => HealthCheckResult.Degraded($"The broker takes no messages: {uplink.QueuedCount} wait, {uplink.DroppedCount} were dropped since start."),
    });
}
