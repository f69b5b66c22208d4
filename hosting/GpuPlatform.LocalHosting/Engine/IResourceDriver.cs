namespace GpuPlatform.LocalHosting.Engine;

/// <summary>How one kind of resource is launched and asked for its health.</summary>
internal interface IResourceDriver
{
    /// <summary>Launches it; null for a part of another resource, which has no process.</summary>
    Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken);

    /// <summary>True when it does its work.</summary>
    Task<bool> IsHealthyAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>What must follow the first healthy moment before dependents start.</summary>
    Task MakeReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
