namespace GpuPlatform.Collector.Processes;

/// <summary>Facts about processes by pid: the kernel's, or a simulation's.</summary>
internal interface IProcessReader
{
    /// <summary>Reads what identifies the process now behind a pid; cheap, once per process and tick. False: there is none.</summary>
    bool TryReadStamp(int pid, out ProcessStamp stamp);

    /// <summary>Reads everything that may be known about it. What cannot be read is null.</summary>
    ProcessFacts Read(int pid);
}

/// <summary>
/// Tells one life of a pid from the next, and one program in it from another: a process may rename itself or run another
/// program while pid and start time stay.
/// </summary>
internal readonly record struct ProcessStamp(DateTimeOffset StartedAt, int NameHash);

/// <summary>What may be known about a process; secrets are removed from the arguments already.</summary>
internal sealed record ProcessFacts
{
    public static readonly ProcessFacts Unknown = new();

    public string? Name { get; init; }

    public string? ExecutablePath { get; init; }

    public IReadOnlyList<string>? CommandLine { get; init; }

    public string? UserName { get; init; }

    public IReadOnlyList<string>? Ancestors { get; init; }

    public string? ControlGroup { get; init; }
}
