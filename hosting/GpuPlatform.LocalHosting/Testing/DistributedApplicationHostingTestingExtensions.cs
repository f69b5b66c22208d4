namespace GpuPlatform.LocalHosting.Testing;

/// <summary>What tests ask a running application for.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client whose base address is the endpoint.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    /// <summary>The address of an endpoint; the first one unless a name is given.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var endpoints = (Find(app, resourceName) as ProjectResource)?.Endpoints ?? [];
        var endpoint = endpoints.FirstOrDefault(candidate => endpointName is null || candidate.Name == endpointName);
        return endpoint is null
            ? throw new ArgumentException($"'{resourceName}' has no endpoint '{endpointName ?? "http"}'; it has: {string.Join(", ", endpoints.Select(candidate => candidate.Name))}.", nameof(endpointName))
            : new Uri(endpoint.Url);
    }

    /// <summary>The connection string of a server or database, by the resource's name.</summary>
    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString source
            ? source.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"'{resourceName}' has no connection string.", nameof(resourceName));

    /// <summary>Only in the local engine: the resource's process, while there is one.</summary>
    public static int? GetProcessId(this DistributedApplication app, string resourceName) =>
        app.ResourceNotifications.TryGetCurrentState(resourceName, out var state) ? state.Snapshot.ProcessId : null;

    /// <summary>Only in the local engine: the last lines that the resource wrote.</summary>
    public static IReadOnlyList<string> GetLogs(this DistributedApplication app, string resourceName) => app.Runner.Logs.Of(resourceName);

    private static Resource Find(DistributedApplication app, string name) =>
        app.Resources.FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no resource '{name}'; there are: {string.Join(", ", app.Resources.Select(resource => resource.Name))}.", nameof(name));
}
