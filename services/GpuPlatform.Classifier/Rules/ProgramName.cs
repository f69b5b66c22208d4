using System.Buffers;

namespace GpuPlatform.Classifier.Rules;

/// <summary>Names of programs as paths, arguments and the kernel give them. All texts are in lower case with forward slashes.</summary>
internal static class ProgramName
{
    /// <summary>The kernel's short name is cut to this.</summary>
    public const int KernelBytes = 15;

    // As in python3.12, and python3.13t and python3.13d
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.td");

    private const string Deleted = " (deleted)";
    private const string Wrapped = "-wrapped";

    public static string Cut(string name) => name.Length <= KernelBytes ? name : name[..KernelBytes];

    /// <summary>The last part of a path; null when there is none, or when a driver writes what it may not tell.</summary>
    public static string? Of(string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || path is "-" or "n/a" || path[0] == '[' && path[^1] == ']')
            return null;
        // The kernel marks a program that was replaced on disk while it runs
        if (path.EndsWith(Deleted, StringComparison.Ordinal))
            path = path[..^Deleted.Length];
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length == 0 ? null : Unwrapped(name);
    }

    public static bool IsWineLoader(string? program) =>
        program is "wine" or "wine64" or "wine-preloader" or "wine64-preloader" or "wine32-preloader";

    /// <summary>The scripting language that this program is the interpreter of.</summary>
    public static string? InterpreterOf(string? program) => program switch
    {
        null => null,
        "java" or "javaw" or "java.exe" or "javaw.exe" => "java",
        "node" or "node.exe" or "bun" or "deno" => "node",
        "julia" or "julia.exe" => "julia",
        "rscript" or "rscript.exe" or "r" or "rterm.exe" or "rsession" or "rsession.exe" => "r",
        "mono" or "mono-sgen" or "dotnet" or "dotnet.exe" => "dotnet",
        "ruby" or "perl" => program,
        "bash" or "sh" or "dash" or "zsh" or "fish" => "shell",
        _ when IsPython(program) => "python",
        _ => null,
    };

    /// <summary>Programs that run another one in their own process: the dynamic loader, emulators of another processor.</summary>
    public static bool IsLoader(string? program) =>
        program is "box64" or "box86" or "fexinterpreter" or "qemu-x86_64" or "qemu-x86_64-static" or "qemu-aarch64-static"
        || program?.StartsWith("ld-linux", StringComparison.Ordinal) == true;

    private static bool IsPython(string program) =>
        program is "ipython" or "ipython3"
        || (program.StartsWith("python", StringComparison.Ordinal) || program.StartsWith("pypy", StringComparison.Ordinal))
        && program.AsSpan(program[1] == 'y' && program[2] == 't' ? 6 : 4).TrimStart('w').TrimEnd("exe").IndexOfAnyExcept(VersionCharacters) < 0;

    // NixOS starts programs by a script of their name and calls the program itself .name-wrapped, which the kernel may have cut
    private static string Unwrapped(string name)
    {
        if (name[0] != '.' || name.LastIndexOf('-') is not (> 1 and var dash))
            return name;
        var tail = name.AsSpan(dash).TrimEnd('_');
        var isWhole = tail.SequenceEqual(Wrapped);
        var isCut = name.Length == KernelBytes && tail.Length >= 2 && Wrapped.AsSpan().StartsWith(tail);
        return isWhole || isCut ? name[1..dash] : name;
    }
}
