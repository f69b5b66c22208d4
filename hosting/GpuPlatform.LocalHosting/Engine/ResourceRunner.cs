using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>The life of one resource: wait, launch, look after, end.</summary>
internal sealed class ResourceRunner(Resource resource, IResourceDriver driver, ResourceNotificationService notifications, LogLines logs, bool stopOnUnavailable, CancellationToken ended)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private ChildProcess? _child;

    public Resource Resource => resource;

    /// <summary>Waits for the dependencies, then launches. Never throws: what goes wrong becomes a state and a log line.</summary>
    public async Task StartWhenReadyAsync()
    {
        try
        {
            foreach (var dependency in resource.Waits.Distinct()) await WaitForAsync(dependency, ended);
            await LaunchAsync(ended);
        }
        catch (OperationCanceledException)
        {
            // Stopped before it began.
        }
        catch (DistributedApplicationException problem)
        {
            Fail(problem.Message);
        }
    }

    public async Task LaunchAsync(CancellationToken cancellationToken)
    {
        if (_child is { Exit.IsCompleted: false }) return;
        notifications.Publish(resource.Name, now => new() { State = new(KnownResourceStates.Starting), ExitCode = now.ExitCode });
        try
        {
            _child = await driver.LaunchAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            Fail(problem.Message);
            return;
        }

        var child = _child;
        notifications.Publish(resource.Name, now => now with { State = new(KnownResourceStates.Running), ProcessId = child?.Id });
        _ = LookAfterAsync(child);
    }

    public async Task StopAsync()
    {
        var child = _child;
        if (child is { Exit.IsCompleted: false })
        {
            notifications.Publish(resource.Name, now => now with { State = new(KnownResourceStates.Stopping) });
            await child.StopAsync(Grace);
        }
    }

    private async Task WaitForAsync(Resource dependency, CancellationToken cancellationToken)
    {
        notifications.Publish(resource.Name, now => now with { State = new(KnownResourceStates.Waiting) });
        var reached = await notifications.WaitForResourceAsync(dependency.Name, state => state.Snapshot.IsReady && state.Snapshot.State?.Text == KnownResourceStates.Running
            || (stopOnUnavailable && ResourceNotificationService.IsTerminal(state)), cancellationToken);
        if (ResourceNotificationService.IsTerminal(reached))
            throw new DistributedApplicationException($"'{resource.Name}' was not started: it waits for '{dependency.Name}', which is {reached.Snapshot.State?.Text}.");
    }

    private void Fail(string message)
    {
        logs.Write(resource.Name, message);
        notifications.Publish(resource.Name, now => now with { State = new(KnownResourceStates.FailedToStart), HealthStatus = null, ProcessId = null });
    }

    private async Task LookAfterAsync(ChildProcess? child)
    {
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var health = WatchHealthAsync(alive.Token);
        if (child is null)
        {
            await health;
            return;
        }

        var exitCode = await child.Exit;
        await alive.CancelAsync();
        await health;
        notifications.Publish(resource.Name, _ => new() { State = new(exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited), ExitCode = exitCode });
    }

    private async Task WatchHealthAsync(CancellationToken cancellationToken)
    {
        var (since, failures, isReady) = (Stopwatch.GetTimestamp(), 0, false);
        try
        {
            while (true)
            {
                var isHealthy = await ProbeAsync(isReady, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                isReady |= isHealthy;
                failures = isHealthy ? 0 : failures + 1;
                notifications.Publish(resource.Name, now => now with { HealthStatus = isHealthy ? HealthStatus.Healthy : HealthStatus.Unhealthy, IsReady = isReady });
                await Task.Delay(HealthSchedule.Next(isHealthy, isReady, Stopwatch.GetElapsedTime(since), failures), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The resource has ended.
        }
    }

    private async Task<bool> ProbeAsync(bool isReady, CancellationToken cancellationToken)
    {
        try
        {
            if (!await driver.IsHealthyAsync(cancellationToken)) return false;
            if (!isReady) await driver.MakeReadyAsync(cancellationToken);
            return true;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            if (problem is DistributedApplicationException) logs.Write(resource.Name, problem.Message);
            return false;
        }
    }
}
