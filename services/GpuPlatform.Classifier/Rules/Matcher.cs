using System.Text.RegularExpressions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>Looks for one piece of evidence. Returns it in words (perhaps empty), or null when it is not there.</summary>
internal delegate string? Matcher(ProcessEvidence process);

/// <summary>The small matchers that rules are made of. All texts are given in lower case with forward slashes.</summary>
internal static class Match
{
    private const int KernelNameBytes = 15;
    private const int LongestQuote = 160;

    /// <summary>The program, its Python module, or the kernel's short name (cut to 15 bytes) is one of these.</summary>
    public static Matcher Named(params string[] names)
    {
        var whole = names.ToHashSet(StringComparer.Ordinal);
        var cut = names.Where(name => name.Length > KernelNameBytes).Select(name => name[..KernelNameBytes]).ToHashSet(StringComparer.Ordinal);
        return process =>
            process.Program is { } program && whole.Contains(program) ? $"the program is {Quote(program)}"
            : process.Module is { } module && whole.Contains(module) ? $"Python runs the module {Quote(module)}"
            : process.ShortName is { } name && (whole.Contains(name) || name.Length == KernelNameBytes && cut.Contains(name))
                ? $"its name is {Quote(name)}"
                : null;
    }

    /// <summary>The program or the kernel's short name fits the pattern.</summary>
    public static Matcher NamedLike(string pattern)
    {
        var regex = Compile(pattern);
        return process =>
            process.Program is { } program && regex.IsMatch(program) ? $"the program is {Quote(program)}"
            : process.Module is { } module && regex.IsMatch(module) ? $"Python runs the module {Quote(module)}"
            : process.ShortName is { } name && regex.IsMatch(name) ? $"its name is {Quote(name)}"
            : null;
    }

    /// <summary>A path of the program fits the pattern.</summary>
    public static Matcher InPath(string pattern)
    {
        var regex = Compile(pattern);
        return process => process.Paths.FirstOrDefault(path => regex.IsMatch(path)) is { } path ? $"it runs from {Quote(path)}" : null;
    }

    /// <summary>An argument after the program's own name fits the pattern.</summary>
    public static Matcher HasArgument(string pattern)
    {
        var regex = Compile(pattern);
        return process =>
        {
            for (var i = 1; i < process.Arguments.Count; i++)
                if (regex.IsMatch(process.Arguments[i]))
                    return $"its arguments hold {Quote(process.Arguments[i])}";
            return null;
        };
    }

    /// <summary>An ancestor has one of these short names.</summary>
    public static Matcher Below(params string[] names)
    {
        var wanted = names.Select(name => name[..Math.Min(name.Length, KernelNameBytes)]).ToHashSet(StringComparer.Ordinal);
        return process => process.Ancestors.FirstOrDefault(wanted.Contains) is { } ancestor ? $"it was started below {Quote(ancestor)}" : null;
    }

    /// <summary>The control-group path fits the pattern.</summary>
    public static Matcher InControlGroup(string pattern)
    {
        var regex = Compile(pattern);
        return process => regex.Match(process.ControlGroup) is { Success: true } found ? $"its control group is {Quote(found.Value)}" : null;
    }

    /// <summary>A Windows program under Wine or Proton.</summary>
    public static Matcher UnderWine() => process => process.IsWine ? "it is a Windows program under Wine" : null;

    /// <summary>A program of one of these scripting languages.</summary>
    public static Matcher WrittenIn(params string[] interpreters) => process =>
        process.Interpreter is { } interpreter && interpreters.Contains(interpreter, StringComparer.Ordinal) ? $"{interpreter} runs it" : null;

    /// <summary>The driver lists it as one of these contexts.</summary>
    public static Matcher WithContext(params GpuContext[] contexts) => process =>
        process.Context is { } context && contexts.Contains(context) ? $"the driver lists a {Words(context)} context" : null;

    /// <summary>All hold; the reason names each.</summary>
    public static Matcher All(params Matcher[] matchers) => process =>
    {
        var words = "";
        foreach (var matcher in matchers)
        {
            if (matcher(process) is not { } evidence)
                return null;
            words = words.Length == 0 ? evidence : evidence.Length == 0 ? words : $"{words}, {evidence}";
        }

        return words;
    };

    /// <summary>The first that holds.</summary>
    public static Matcher Any(params Matcher[] matchers) => process =>
    {
        foreach (var matcher in matchers)
            if (matcher(process) is { } evidence)
                return evidence;
        return null;
    };

    /// <summary>Does not hold. Adds nothing to the reason.</summary>
    public static Matcher Not(Matcher matcher) => process => matcher(process) is null ? "" : null;

    private static string Words(GpuContext context) => context switch
    {
        GpuContext.Compute => "compute",
        GpuContext.Graphics => "graphics",
        _ => "compute and graphics",
    };

    private static string Quote(string text) => text.Length <= LongestQuote ? $"'{text}'" : $"'…{text[^LongestQuote..]}'";

    // Linear in the text whatever the pattern, so no time limit: a limit is wall time, and on a starved or suspended host it would lose the verdict
    private static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
}
