using GpuPlatform.Collector.Host;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Degraded while an address of the proxy cannot be listened on: the clients that are told to use it reach nobody, or somebody else.</summary>
internal sealed class ProxyHealthCheck(ProxyHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = host.States.ToList();
        var listening = states.Count(one => one.State.Address is not null);
        return Task.FromResult(CollectorHealth.Result([.. states.Select(one => one.State.Problem).OfType<string>()], $"{listening} model server(s) listened for"));
    }
}
