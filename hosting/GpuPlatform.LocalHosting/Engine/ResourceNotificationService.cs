using System.Diagnostics.CodeAnalysis;
using GpuPlatform.LocalHosting.Engine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.LocalHosting;

/// <summary>States of the resources, and waiting for them.</summary>
public sealed class ResourceNotificationService
{
    private readonly Dictionary<string, ResourceEvent> _current;
    private readonly List<(string Name, Func<ResourceEvent, bool> Predicate, TaskCompletionSource<ResourceEvent> Found)> _waiters = [];
    private readonly Lock _guard = new();
    private readonly LogLines _logs;

    internal ResourceNotificationService(IEnumerable<IResource> resources, LogLines logs)
    {
        _logs = logs;
        _current = resources.ToDictionary(resource => resource.Name, resource => new ResourceEvent(resource, resource.Name,
            new CustomResourceSnapshot { State = new(KnownResourceStates.NotStarted) }), StringComparer.OrdinalIgnoreCase);
    }

    internal event Action<ResourceEvent>? Changed;

    /// <summary>The state of a resource now.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_guard) return _current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>Waits until the resource is healthy; fails when it ended or could not be started.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(resourceName, state => IsTerminal(state) || state.Snapshot.HealthStatus == HealthStatus.Healthy, cancellationToken);
        if (!IsTerminal(found)) return found;
        throw new DistributedApplicationException(
            $"'{resourceName}' is {found.Snapshot.State?.Text} (exit code {found.Snapshot.ExitCode?.ToString() ?? "none"}) instead of healthy. Its last lines:\n{string.Join('\n', _logs.Of(resourceName, 30))}");
    }

    /// <summary>Waits until the resource is in the state; Running unless one is named.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, state => state.Snapshot.State?.Text == (targetState ?? KnownResourceStates.Running), cancellationToken);

    /// <summary>Waits until the condition holds; no change in between is missed.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        lock (_guard)
        {
            if (!_current.TryGetValue(resourceName, out var now))
                throw new ArgumentException($"There is no resource '{resourceName}'; there are: {string.Join(", ", _current.Keys)}.", nameof(resourceName));
            if (predicate(now)) return Task.FromResult(now);
            var found = new TaskCompletionSource<ResourceEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((resourceName, predicate, found));
            return found.Task.WaitAsync(cancellationToken);
        }
    }

    internal static bool IsTerminal(ResourceEvent state) => KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text);

    internal void Publish(string name, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        ResourceEvent next;
        lock (_guard)
        {
            var before = _current[name];
            next = before with { Snapshot = change(before.Snapshot) };
            if (next == before) return;
            _current[name] = next;
            _waiters.RemoveAll(waiter => string.Equals(waiter.Name, name, StringComparison.OrdinalIgnoreCase) && waiter.Predicate(next) && waiter.Found.TrySetResult(next));
        }

        Changed?.Invoke(next);
    }
}
