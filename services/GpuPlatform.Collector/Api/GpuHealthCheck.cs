using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Api;

/// <summary>A host without a GPU is healthy; one whose GPU does not answer, or that was told to expect one, is degraded.</summary>
internal sealed class GpuHealthCheck(LatestSample latest, IOptions<GpuOptions> options) : IHealthCheck
{
    private bool IsExpected => options.Value.RequireNvml || options.Value.Source != GpuOptions.Auto;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var snapshot = latest.Gpus;
        var (sampledAt, source, gpus) = snapshot;
        var problems = IsExpected
            ? snapshot.Sources.Where(one => one.UnavailableReason is not null && !(one.IsAbsent && snapshot.Sources.Count > 1)).Select(Expected).ToList()
            : [];
        if (sampledAt is null)
            return CollectorHealth.Result(problems, source.UnavailableReason ?? "no reading yet");
        problems.AddRange(gpus.Select(Problem).OfType<string>());
        if (source.Missing is not null)
            problems.Add(source.Missing);
        return CollectorHealth.Result(problems, $"{gpus.Count} GPU(s) from {source.Name}");
    }

    private string Expected(SourceInfo source) => $"Gpu:Source is {options.Value.Source}, but {source.UnavailableReason}";

    private static string? Problem(GpuSample gpu) => gpu.State switch
    {
        GpuState.Sleeping => null,
        GpuState.Lost => $"GPU {gpu.Index} ({gpu.Name}) is lost: {gpu.Error}. It comes back when it is reset or the machine restarts",
        GpuState.Stalled => $"GPU {gpu.Index} ({gpu.Name}) hangs: {gpu.Error}. Other GPUs are read on",
        _ => gpu.Error is { } error ? $"GPU {gpu.Index} ({gpu.Name}) cannot be read: {error}" : null,
    };
}

/// <summary>Unhealthy when a loop has not come back for several intervals, degraded while its ticks fail.</summary>
internal sealed class LoopHealthCheck(TickLoop loop) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ago = loop.SinceLastTick.TotalSeconds;
        return Task.FromResult(
            loop.IsStuck ? HealthCheckResult.Unhealthy($"the {loop.Name} has not ended a tick for {ago:F0} s; a driver call may hang")
            : loop.Failure is { } failure ? HealthCheckResult.Degraded($"the {loop.Name} fails: {failure} ({loop.FailureCount} ticks since start)")
            : HealthCheckResult.Healthy($"last tick ended {ago:F1} s ago; {loop.FailureCount} ticks failed since start"));
    }
}

/// <summary>Degraded for some time after messages were given up. What was lost is lost, but somebody has to hear of it.</summary>
internal sealed class LossHealthCheck(IPublisher publisher, TimeProvider clock) : IHealthCheck
{
    internal static readonly TimeSpan RecentFor = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long _seenCount;
    private long? _lostAt;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var count = publisher.DroppedCount;
            if (count > _seenCount)
                (_seenCount, _lostAt) = (count, clock.GetTimestamp());
            return Task.FromResult(_lostAt is { } at && clock.GetElapsedTime(at) < RecentFor
                ? HealthCheckResult.Degraded($"{count} messages were given up since start, the last ones in the past {RecentFor.TotalMinutes:F0} minutes")
                : HealthCheckResult.Healthy($"{count} messages were given up since start"));
        }
    }
}
