namespace GpuPlatform.LocalHosting;

/// <summary>A project of this repository, run as a process.</summary>
public sealed class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithWaitSupport, IResourceWithServiceDiscovery
{
    internal string ProjectPath { get; init; } = "";

    /// <summary>The built assembly; null when the AppHost was built without a reference to the project.</summary>
    internal string? AssemblyPath { get; init; }

    internal LaunchProfile? LaunchProfile { get; init; }

    internal List<Endpoint> Endpoints { get; init; } = [];

    internal string? HealthPath { get; set; }

    internal bool IsExternal { get; set; }

    internal override string Url => Endpoints.FirstOrDefault()?.Url ?? "";
}

/// <summary>One address that a project listens on; the name is the scheme, numbered from the second on.</summary>
internal sealed record Endpoint(string Name, string Scheme, int Port)
{
    public int Port { get; set; } = Port;

    public string Url => $"{Scheme}://localhost:{Port}";
}
