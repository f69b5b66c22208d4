using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.History.Bus;

/// <summary>
/// Knows whether the queue is being listened to: logs the loss and the return of the broker once per change, and is the health check of the
/// bus (the library's own stays Degraded, which is answered with 200, for as long as the broker is away).
/// </summary>
internal sealed partial class BrokerWatch(ILogger<BrokerWatch> logger) : IReceiveEndpointObserver, IHealthCheck
{
    private const int Unknown = 0, Connected = 1, Away = 2;
    private int _state = Unknown;

    public bool IsConnected => Volatile.Read(ref _state) == Connected;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsConnected
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("the broker does not answer"));

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.IsStarted && Interlocked.Exchange(ref _state, Connected) != Connected)
            Log.BrokerConnected(logger, ready.InputAddress);
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (Interlocked.Exchange(ref _state, Away) != Away)
            Log.BrokerAway(logger, faulted.InputAddress, faulted.Exception?.GetBaseException().Message ?? "no reason given");
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Listening on {Queue}")]
        public static partial void BrokerConnected(ILogger logger, Uri queue);

        [LoggerMessage(2, LogLevel.Warning, "The broker is away ({Reason}); {Queue} is tried again until it answers. Messages wait in the broker")]
        public static partial void BrokerAway(ILogger logger, Uri queue, string reason);
    }
}
