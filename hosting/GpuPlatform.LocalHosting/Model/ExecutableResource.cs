namespace GpuPlatform.LocalHosting;

/// <summary>Any program.</summary>
public sealed class ExecutableResource(string name, string command, string workingDirectory) : Resource(name), IResourceWithEnvironment, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name to be found on PATH.</summary>
    public string Command => command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory => workingDirectory;

    internal IReadOnlyList<string> Arguments { get; init; } = [];
}
