namespace GpuPlatform.LocalHosting;

/// <summary>The names of the states, as Aspire spells them.</summary>
public static class KnownResourceStates
{
    /// <summary>Not begun.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Waits for a dependency.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Is being launched.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Its process runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Is being ended.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Its process has ended.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Its process has ended with exit code 0.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>It could not be launched.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>States that nothing follows without a command.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
