namespace GpuPlatform.Contracts;

/// <summary>What somebody knows of a process and asks the classifier about. Every field may be missing; texts are compared in lower case.</summary>
public sealed record ProcessDescriptor
{
    /// <summary>Short name, perhaps cut to 15 bytes as the kernel does.</summary>
    public string? Name { get; init; }

    /// <summary>Path of the executable.</summary>
    public string? Exe { get; init; }

    /// <summary>Arguments, the program's own name first; one text is accepted too, and divided at its spaces.</summary>
    public IReadOnlyList<string>? Cmdline { get; init; }

    /// <summary>compute, graphics or compute+graphics; also C, G and C+G.</summary>
    public GpuContext? Context { get; init; }

    /// <summary>Device memory, in bytes.</summary>
    public long? GpuMemoryBytes { get; init; }

    /// <summary>Share of time its kernels run, 0–100 %.</summary>
    public double? SmPercent { get; init; }

    /// <summary>Share of the encoder, 0–100 %.</summary>
    public double? EncoderPercent { get; init; }

    /// <summary>Share of the decoder, 0–100 %.</summary>
    public double? DecoderPercent { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Name of the parent, where it is not the first of <see cref="Ancestors"/>.</summary>
    public string? Parent { get; init; }

    /// <summary>Names of the ancestors, parent first.</summary>
    public IReadOnlyList<string>? Ancestors { get; init; }

    /// <summary>Control-group path.</summary>
    public string? Cgroup { get; init; }

    /// <summary>linux, wsl, windows or macos.</summary>
    public string? Os { get; init; }

    /// <summary>Working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What keeps it apart, for instance a container.</summary>
    public ProcessRuntime? Runtime { get; init; }

    /// <summary>Id of the application, as Flatpak, Snap or the desktop calls it.</summary>
    public string? Application { get; init; }

    /// <summary>The game of a Steam library from whose folder it runs.</summary>
    public string? Game { get; init; }

    /// <summary>How it used the GPU over the last minutes.</summary>
    public ProcessCourse? Course { get; init; }
}

/// <summary>What the rules make of a <see cref="ProcessDescriptor"/>.</summary>
public sealed record ProcessVerdict
{
    /// <summary>The kind of work.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>How sure the rule is that decided, 0–1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Every rule that fired, the one that decided first.</summary>
    public required IReadOnlyList<FiredRule> Rules { get; init; }
}

/// <summary>The rules in force, in the order in which they are asked.</summary>
public sealed record RuleList
{
    /// <summary>The rules.</summary>
    public required IReadOnlyList<RuleSummary> Rules { get; init; }

    /// <summary>What is wrong with files of the user, in words; the last good rules of such a file stay in force.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>A rule.</summary>
public sealed record RuleSummary
{
    /// <summary>Group and name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind it gives.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>How sure it is, 0–1.</summary>
    public required double Confidence { get; init; }

    /// <summary>What it concludes, in words.</summary>
    public required string Says { get; init; }

    /// <summary><c>built-in</c>, or the user's file that it stands in.</summary>
    public required string Origin { get; init; }
}

/// <summary>A program that its user wants to be taken for something: everything in <see cref="Match"/> must hold.</summary>
public sealed record UserRuleRequest
{
    /// <summary>Which processes are meant.</summary>
    public required UserRuleMatch Match { get; init; }

    /// <summary>What they are.</summary>
    public required WorkloadKind Kind { get; init; }
}

/// <summary>Which processes are meant; at least one is given.</summary>
public sealed record UserRuleMatch
{
    /// <summary>Name of the program, of its Python module, or the kernel's short name.</summary>
    public string? Name { get; init; }

    /// <summary>Path of the executable, of the script or of the Windows program, whole.</summary>
    public string? Exe { get; init; }

    /// <summary>A text that one of the arguments holds.</summary>
    public string? Argument { get; init; }
}
