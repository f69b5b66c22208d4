using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.LocalHosting;

/// <summary>A resource and its state at one moment.</summary>
public sealed record ResourceEvent(IResource Resource, string ResourceId, CustomResourceSnapshot Snapshot);

/// <summary>The state of a resource.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>One of <see cref="KnownResourceStates" />.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Null until the first check; a resource without checks is healthy while it runs.</summary>
    public HealthStatus? HealthStatus { get; init; }

    /// <summary>Of the last process that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Only in the local engine: the process, while there is one.</summary>
    internal int? ProcessId { get; init; }

    /// <summary>What follows the first healthy moment (CREATE DATABASE) is done.</summary>
    internal bool IsReady { get; init; }
}

/// <summary>A state's name.</summary>
public sealed record ResourceStateSnapshot(string Text);
