using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Guard.Verdicts;

/// <summary>Check <c>verdicts</c>: without them the kind of a process is unknown, but everything else is done.</summary>
internal sealed class VerdictHealthCheck(VerdictFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(feed.IsConnected switch
    {
        null => HealthCheckResult.Healthy("No broker is configured (ConnectionStrings:messaging), so no classifier is listened to."),
        true => HealthCheckResult.Healthy(),
        false => HealthCheckResult.Degraded("No verdicts come from the broker: the kind of processes that started of late is not known."),
    });
}
