using GpuPlatform.Collector.Host;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Guard;

/// <summary>Degraded while something keeps the guard from its work: models that do not leave, a file that cannot be written, rounds that fail.</summary>
internal sealed class GuardHealthCheck(HostGuard guard, GuardLoop loop) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = guard.Report();
        List<string> problems = [.. report.Problems];
        if (loop.Failure is { } failure) problems.Add($"the guard fails: {failure}");
        return Task.FromResult(CollectorHealth.Result(problems, report.Enabled ? "watches the GPUs" : "by hand only (Guard:Enabled is false)"));
    }
}
