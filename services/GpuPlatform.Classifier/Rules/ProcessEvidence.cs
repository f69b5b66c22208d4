using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>
/// What is known of a process, in the form the rules read: lower case, forward slashes, and the program that really runs
/// (the script of an interpreter, the Windows program under Wine) already found.
/// </summary>
internal sealed class ProcessEvidence
{
    private const int LongestQuote = 160;
    private const int LongestText = 4096;
    private const int MostArguments = 512;

    /// <summary>Kernel's short name, cut to 15 bytes; null when unknown.</summary>
    public string? ShortName { get; private init; }

    /// <summary>Base name of the program that really runs; null when neither path nor arguments could be read.</summary>
    public string? Program { get; private init; }

    /// <summary>Module that Python runs by <c>-m</c>.</summary>
    public string? Module { get; private init; }

    /// <summary>Program, module and short name, as far as they are known, each once.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>True when a Windows program runs under Wine or Proton.</summary>
    public bool IsWine { get; private init; }

    /// <summary>The scripting language that runs <see cref="Program"/>, for instance <c>python</c>; null for a native program.</summary>
    public string? Interpreter { get; private init; }

    /// <summary>Paths that name the program: executable, first argument, script.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The arguments after the program's own name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Short names of the ancestors, parent first.</summary>
    public required IReadOnlyList<string> Ancestors { get; init; }

    /// <summary>Control-group path, at most one.</summary>
    public required IReadOnlyList<string> ControlGroup { get; init; }

    /// <summary>Working directory, at most one.</summary>
    public required IReadOnlyList<string> WorkingDirectory { get; init; }

    /// <summary>Id of the application that the control group names, at most one.</summary>
    public required IReadOnlyList<string> Application { get; init; }

    /// <summary>windows, linux or macos; null when nothing says.</summary>
    public string? Os { get; private init; }

    /// <summary>What the driver and the collector say of it, as it came.</summary>
    public required GpuProcessObserved Observed { get; init; }

    public IReadOnlyDictionary<string, string>? Environment => Observed.Environment;

    public ProcessCourse? Course => Observed.Course;

    public static ProcessEvidence From(GpuProcessObserved observed) => From(observed, null);

    /// <param name="observed">What the collector saw, or what somebody asks about.</param>
    /// <param name="os">windows, linux or macos, where that is known.</param>
    public static ProcessEvidence From(GpuProcessObserved observed, string? os)
    {
        var executable = ProgramName.Of(Normal(observed.ExecutablePath)) is null ? null : Normal(observed.ExecutablePath);
        var arguments = CommandLine.Divided(Lowered(observed.CommandLine), executable);
        var first = arguments.Count > 0 ? arguments[0] : null;
        var shortName = ProgramName.Of(Normal(observed.Name));
        var host = ProgramName.Of(executable ?? first) ?? shortName;
        var isWine = IsUnderWine(host, executable, first, os);
        var interpreter = isWine ? null : ProgramName.InterpreterOf(host);
        var module = interpreter == "python" ? CommandLine.Module(arguments) : null;
        var script = isWine ? WindowsProgram(arguments)
            : module is null && (interpreter is not null || ProgramName.IsLoader(host)) ? CommandLine.Script(arguments)
            : null;
        var program = isWine ? ProgramName.Of(script) ?? shortName : ProgramName.Of(script) ?? module ?? host;
        var folder = Normal(observed.WorkingDirectory);
        return new ProcessEvidence
        {
            ShortName = shortName,
            Program = program,
            Module = module,
            Names = Known(program, module, shortName),
            IsWine = isWine,
            Interpreter = interpreter,
            Paths = Known(executable, first, isWine || script is null || folder is null || script.StartsWith('/') ? script : $"{folder}/{script}"),
            Arguments = arguments.Count > 1 ? [.. arguments.Skip(1)] : [],
            Ancestors = Ancestry(observed.Ancestors),
            ControlGroup = Known(observed.ControlGroup?.ToLowerInvariant()),
            WorkingDirectory = folder is null ? [] : [folder + "/"],
            Application = Known(observed.Scope?.ApplicationId?.ToLowerInvariant()),
            Os = os ?? OsOf(executable ?? first, isWine),
            Observed = observed,
        };
    }

    public static string Quote(string text) => text.Length <= LongestQuote ? $"'{text}'" : $"'…{text[^LongestQuote..]}'";

    public string NameInWords(string name) =>
        name == Program && name != Module ? $"the program is {Quote(name)}"
        : name == Module ? $"Python runs the module {Quote(name)}"
        : $"its name is {Quote(name)}";

    private static List<string> Known(params ReadOnlySpan<string?> texts)
    {
        var known = new List<string>(texts.Length);
        foreach (var text in texts)
            if (text is { Length: > 0 } && !known.Contains(text, StringComparer.Ordinal))
                known.Add(text);
        return known;
    }

    private static List<string> Lowered(IReadOnlyList<string>? texts) =>
        texts is null ? [] : [.. texts.Take(MostArguments).Select(text => Normal(text) ?? "")];

    // A parent may come as the kernel names it or by its command line
    private static List<string> Ancestry(IReadOnlyList<string>? names) =>
        names is null ? [] : [.. names.Take(MostArguments).Select(name => Normal(name) ?? "")
            .Select(name => name.StartsWith('/') && name.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? name[..end] : name)
            .Select(name => ProgramName.Cut(ProgramName.Of(name) ?? ""))];

    private static string? Normal(string? text) =>
        (text is { Length: > LongestText } ? text[..LongestText] : text)?.Replace('\\', '/').ToLowerInvariant();

    private static bool IsUnderWine(string? host, string? executable, string? first, string? os) =>
        ProgramName.IsWineLoader(host)
        || os is "linux" or "macos" && host?.EndsWith(".exe", StringComparison.Ordinal) == true
        // Z: is Wine's name of the root, and a program of Linux has no drive letter
        || IsDrive(first) && (first!.StartsWith("z:/", StringComparison.Ordinal) && IsUnixFolder(first.AsSpan(3)) || executable?.StartsWith('/') == true && first.EndsWith(".exe", StringComparison.Ordinal));

    private static bool IsDrive(string? path) => path is { Length: > 2 } && char.IsAsciiLetter(path[0]) && path[1] == ':';

    private static bool IsUnixFolder(ReadOnlySpan<char> path) =>
        path.StartsWith("home/") || path.StartsWith("mnt/") || path.StartsWith("media/") || path.StartsWith("run/") || path.StartsWith("usr/")
        || path.StartsWith("opt/") || path.StartsWith("var/") || path.StartsWith("tmp/");

    private static string? OsOf(string? path, bool isWine) =>
        isWine ? "linux" : IsDrive(path) ? "windows" : path?.StartsWith('/') == true ? "linux" : null;

    private static string? WindowsProgram(IReadOnlyList<string> arguments) =>
        arguments.FirstOrDefault(argument => argument.EndsWith(".exe", StringComparison.Ordinal));
}
