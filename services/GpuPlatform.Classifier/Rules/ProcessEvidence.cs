using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>
/// What is known of a process, in the form the rules read: lower case, forward slashes, and the program that really runs
/// (the script of an interpreter, the Windows program under Wine) already found.
/// </summary>
internal sealed class ProcessEvidence
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>Kernel's short name, cut to 15 bytes; null when unknown.</summary>
    public string? ShortName { get; private init; }

    /// <summary>Base name of the program that really runs; null when neither path nor arguments could be read.</summary>
    public string? Program { get; private init; }

    /// <summary>Module that Python runs by <c>-m</c>.</summary>
    public string? Module { get; private init; }

    /// <summary>True when a Windows program runs under Wine or Proton.</summary>
    public bool IsWine { get; private init; }

    /// <summary>The scripting language that runs <see cref="Program"/>, for instance <c>python</c>; null for a native program.</summary>
    public string? Interpreter { get; private init; }

    /// <summary>Paths that name the program: executable, first argument, script.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>All arguments, the program's own name included.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Short names of the ancestors, parent first.</summary>
    public required IReadOnlyList<string> Ancestors { get; init; }

    /// <summary>Control-group path; empty when unknown.</summary>
    public required string ControlGroup { get; init; }

    /// <summary>Driver context; null when unknown.</summary>
    public GpuContext? Context { get; private init; }

    public static ProcessEvidence From(GpuProcessObserved observed)
    {
        var arguments = Lowered(observed.CommandLine);
        var executable = Normal(observed.ExecutablePath);
        var first = arguments.Count > 0 ? arguments[0] : null;
        var host = BaseName(executable ?? first);
        var isWine = IsWineLoader(host) || first is { Length: > 2 } && first[1] == ':' && (host is null || IsWineLoader(host));
        var interpreter = InterpreterOf(host);
        var script = isWine ? WindowsProgram(arguments) : interpreter is null ? null : ScriptOf(arguments);
        var module = interpreter == "python" ? ModuleOf(arguments) : null;
        return new ProcessEvidence
        {
            ShortName = observed.Name?.ToLowerInvariant(),
            Program = isWine ? BaseName(script) ?? observed.Name?.ToLowerInvariant() : BaseName(script) ?? module ?? host,
            Module = module,
            IsWine = isWine,
            Interpreter = interpreter,
            Paths = [.. new[] { executable, first, script }.OfType<string>().Where(path => path.Length > 0).Distinct(StringComparer.Ordinal)],
            Arguments = arguments,
            Ancestors = Lowered(observed.Ancestors),
            ControlGroup = observed.ControlGroup?.ToLowerInvariant() ?? "",
            Context = observed.Context,
        };
    }

    private static List<string> Lowered(IReadOnlyList<string>? texts) =>
        texts is null ? [] : [.. texts.Select(text => Normal(text) ?? "")];

    private static string? Normal(string? path) => path?.Replace('\\', '/').ToLowerInvariant();

    private static string? BaseName(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return null;
        // The kernel marks a program that was replaced on disk while it runs.
        path = path.EndsWith(" (deleted)", StringComparison.Ordinal) ? path[..^10] : path;
        var name = path[(path.LastIndexOfAny(Separators) + 1)..];
        return name.Length == 0 ? null : name;
    }

    private static bool IsWineLoader(string? program) =>
        program is "wine" or "wine64" or "wine-preloader" or "wine64-preloader";

    private static string? InterpreterOf(string? program) => program switch
    {
        null => null,
        "java" or "javaw" or "java.exe" or "javaw.exe" => "java",
        "node" or "julia" or "ruby" or "perl" or "bash" or "sh" => program,
        "rscript" or "r" => "r",
        _ when program.StartsWith("python", StringComparison.Ordinal) || program.StartsWith("pypy", StringComparison.Ordinal) => "python",
        _ => null,
    };

    private static string? WindowsProgram(List<string> arguments) =>
        arguments.Find(argument => argument.EndsWith(".exe", StringComparison.Ordinal));

    private static string? ScriptOf(List<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] is "-m" or "-c")
                return null;
            if (arguments[i] is "-x" or "-w" or "-cp" or "-classpath")
                i++;
            else if (!arguments[i].StartsWith('-'))
                return arguments[i];
        }

        return null;
    }

    private static string? ModuleOf(List<string> arguments)
    {
        for (var i = 1; i < arguments.Count - 1; i++)
        {
            if (arguments[i] == "-m")
                return arguments[i + 1];
            if (!arguments[i].StartsWith('-'))
                return null;
        }

        return null;
    }
}
