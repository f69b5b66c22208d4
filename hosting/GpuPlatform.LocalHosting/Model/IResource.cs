namespace GpuPlatform.LocalHosting;

/// <summary>One box of the diagram: a server, a database, a service.</summary>
public interface IResource
{
    /// <summary>Unique in the application; letters, digits and hyphens.</summary>
    string Name { get; }
}

/// <summary>Something that environment variables can be given to.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>Something that can wait for another resource.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Something that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>Something whose endpoints others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>Something that is reached by a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string, known once the application has been prepared for its start.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
}
