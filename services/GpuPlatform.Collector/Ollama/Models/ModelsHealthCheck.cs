using GpuPlatform.Collector.Host;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>
/// Check <c>models</c>: degraded while a model is loaded again and again, which costs its users seconds with each request. A server that does not
/// answer is no problem of the collector's: nobody may need it today.
/// </summary>
internal sealed class ModelsHealthCheck(ResidencyPoll poll) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(CollectorHealth.Result(poll.Thrashing, "No model is loaded again and again."));
}
