namespace GpuPlatform.LocalHosting.Engine;

/// <summary>A process to start.</summary>
internal sealed record ProcessSpec(string FileName, params IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Start with no variables but those given, so that nothing of the caller's reaches a server.</summary>
    public bool CleanEnvironment { get; init; }

    /// <summary>The unprivileged user to become; null stays the caller.</summary>
    public string? User { get; init; }

    /// <summary>The gentle way to end it.</summary>
    public string EndSignal { get; init; } = "TERM";

    /// <summary>When the warden ends it: 1 services, 2 servers, 3 what servers lean on.</summary>
    public int EndStage { get; init; } = 1;

    public IReadOnlyList<string> CommandLine() => User is null
        ? [FileName, .. Arguments]
        : ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--", FileName, .. Arguments];
}
