using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes;

/// <summary>Facts about processes by pid: the kernel's, or a simulation's. Used by one thread at a time.</summary>
internal interface IProcessReader
{
    /// <summary>Reads what identifies the process now behind a pid; cheap, once per process and tick. False: there is none.</summary>
    bool TryReadStamp(int pid, out ProcessStamp stamp);

    /// <summary>Reads everything that may be known about it. What cannot be read is null.</summary>
    ProcessFacts Read(int pid);

    /// <summary>Nothing more is asked on this tick: what was not asked for may be forgotten.</summary>
    void EndTick()
    {
    }
}

/// <summary>
/// Tells one life of a pid from the next, and one program in it from another: a process may rename itself or run another
/// program while pid and start time stay. <paramref name="Program"/> is null where that cannot be told now.
/// </summary>
internal readonly record struct ProcessStamp(DateTimeOffset StartedAt, int? Program);

/// <summary>What may be known about a process; secrets are removed already.</summary>
internal sealed record ProcessFacts
{
    public static readonly ProcessFacts Unknown = new();

    public string? Name { get; init; }

    public string? ExecutablePath { get; init; }

    public IReadOnlyList<string>? CommandLine { get; init; }

    public string? UserName { get; init; }

    public IReadOnlyList<string>? Ancestors { get; init; }

    public string? ControlGroup { get; init; }

    public ProcessScope? Scope { get; init; }

    /// <summary>Empty when it has none that counts, null when it could not be read.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string? WorkingDirectory { get; init; }

    public InstalledGame? Game { get; init; }

    /// <summary>Something slower than the kernel is still being read: who asks again soon may hear more.</summary>
    public bool MoreMayCome { get; init; }

    /// <summary>True when both describe the same program in the same place.</summary>
    public bool SaysTheSameAs(ProcessFacts other) =>
        Name == other.Name && ExecutablePath == other.ExecutablePath && ControlGroup == other.ControlGroup && Game == other.Game
        && (CommandLine ?? []).SequenceEqual(other.CommandLine ?? [], StringComparer.Ordinal);
}
