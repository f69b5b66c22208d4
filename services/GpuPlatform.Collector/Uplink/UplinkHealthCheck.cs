using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Uplink;

/// <summary>
/// Check <c>broker</c>. Without its broker a service still measures and keeps what it measured, so it is degraded, never unhealthy, and so it is
/// when it could not keep on disk what the broker does not take; without a configured broker it does all that it was asked to.
/// </summary>
internal sealed class UplinkHealthCheck(BrokerUplink uplink, UplinkBacklog backlog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(uplink.State switch
    {
        UplinkState.Disabled => HealthCheckResult.Healthy("No broker is configured (ConnectionStrings:messaging)."),
        UplinkState.Connected when backlog.Spool?.Problem is null => HealthCheckResult.Healthy(),
        UplinkState.Connected => HealthCheckResult.Degraded(OnDisk()),
        _ => HealthCheckResult.Degraded(
            $"The broker takes no messages: {uplink.QueuedCount} wait, {backlog.Spool?.Count ?? 0} of them on disk, {uplink.DroppedCount} were dropped since start. {OnDisk()}".TrimEnd()),
    });

    private string OnDisk() => backlog.Spool?.Problem is { } problem ? $"What the broker does not take cannot be kept on disk: {problem}" : "";
}
