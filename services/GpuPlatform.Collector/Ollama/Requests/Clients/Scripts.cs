using System.Text.RegularExpressions;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>What an interpreter runs, from its arguments: that python asks says little, that chat.py does says who.</summary>
internal static partial class Scripts
{
    private static readonly string[] TakesValue =
        ["-W", "-X", "-r", "-C", "--require", "--import", "--loader", "--experimental-loader", "--conditions", "-cp", "-classpath", "--class-path", "--module-path"];

    private static readonly string[] TakesName = ["-m", "-jar", "--module", "exec"];

    private static readonly string[] TakesCode = ["-c", "-e", "--eval", "-E", "-p", "--print", "-pe", "-ne"];

    public static bool IsInterpreter(string program) => Interpreter().IsMatch(program);

    /// <summary>The script's or module's name without its folder; null when there is none, and never code that stands in the arguments.</summary>
    public static string? NameIn(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (TakesCode.Contains(argument, StringComparer.Ordinal)) return null;
            if (TakesName.Contains(argument, StringComparer.Ordinal)) return i + 1 < arguments.Count ? NameOf(arguments[i + 1]) : null;
            if (TakesValue.Contains(argument, StringComparer.Ordinal)) i++;
            else if (argument.Length > 0 && argument[0] != '-' && argument is not ("run" or "serve")) return NameOf(argument);
        }
        return null;
    }

    // Text with blanks in it may be anything, and what a program read from its input has no name
    private static string? NameOf(string argument) =>
        argument[(argument.LastIndexOfAny(['/', '\\']) + 1)..] is { Length: > 0 } name && Plain().IsMatch(name) ? name : null;

    [GeneratedRegex(@"(?:^|[/\\])(?:python[0-9.]*|pypy[0-9.]*|node|nodejs|MainThread|deno|bun|ruby[0-9.]*|perl[0-9.]*|php[0-9.]*|java|dotnet)(?:\.exe)?$")]
    private static partial Regex Interpreter();

    [GeneratedRegex(@"^[\w.@:+-]{1,128}$")]
    private static partial Regex Plain();
}
