using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Api;

/// <summary>A host without a GPU is healthy; one whose GPU does not answer, or that was told to expect one, is degraded.</summary>
internal sealed class GpuHealthCheck(LatestSample latest, IOptions<GpuOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var (sampledAt, source, gpus) = latest.Gpus;
        if (sampledAt is null)
        {
            var reason = source.UnavailableReason ?? "no reading yet";
            return options.Value.Source is SourceInfo.Nvml or SourceInfo.Drm
                ? HealthCheckResult.Degraded($"Gpu:Source is {options.Value.Source}, but {reason}")
                : HealthCheckResult.Healthy(reason);
        }
        var failed = gpus.Where(gpu => gpu.Error is not null).Select(gpu => $"GPU {gpu.Index}: {gpu.Error}").ToList();
        if (source.Missing is not null)
            failed.Add(source.Missing);
        return failed.Count == 0
            ? HealthCheckResult.Healthy($"{gpus.Count} GPU(s) from {source.Name}")
            : HealthCheckResult.Degraded(string.Join("; ", failed));
    }
}

/// <summary>Unhealthy when the sampler has not come back for several intervals.</summary>
internal sealed class SamplerHealthCheck([FromKeyedServices(SamplingRegistration.GpuLoop)] TickLoop loop) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ago = loop.SinceLastTick.TotalSeconds;
        return Task.FromResult(loop.IsStuck
            ? HealthCheckResult.Unhealthy($"the {loop.Name} has not ended a tick for {ago:F0} s; a driver call may hang")
            : HealthCheckResult.Healthy($"last tick ended {ago:F1} s ago; {loop.FailureCount} ticks failed since start"));
    }
}
