using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What a person wants a program to be taken for, as the classifier takes it.</summary>
internal sealed record UserRule(RuleMatch Match, WorkloadKind Kind);

/// <summary>Which processes are meant: everything that is given must hold.</summary>
internal sealed record RuleMatch(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Exe,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Argument = null)
{
    // The kernel cuts names to so many bytes
    private const int LongestName = 15;

    // More the classifier takes of nothing
    private const int LongestText = 1024;

    [JsonIgnore]
    public string Words => (Exe, Name, Argument) switch
    {
        ({ } exe, _, { } argument) => $"{exe} with {argument}",
        ({ } exe, _, _) => exe,
        _ => $"named {Name}",
    };

    /// <summary>
    /// The ways to know the program that a process runs, the likely one first: by its path; by its name where that could not be read, or where what it
    /// runs in is another program, as Wine is for a game; by path and argument for a script, whose interpreter runs others too. Empty when nothing is known.
    /// </summary>
    public static IReadOnlyList<RuleMatch> Of(GpuProcess process)
    {
        var path = IsUsable(process.ExecutablePath) ? new RuleMatch(process.ExecutablePath, null) : null;
        var name = IsUsable(process.Name) ? new RuleMatch(null, process.Name) : null;
        var argument = process.CommandLine?.Skip(1).FirstOrDefault(each => IsUsable(each) && !each.StartsWith('-'));
        var script = path is not null && argument is not null ? path with { Argument = argument } : null;
        return [.. (IsNamedAfter(process.Name, process.ExecutablePath) ? [path, script, name] : new[] { name, path, script }).OfType<RuleMatch>()];
    }

    private static bool IsUsable(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= LongestText;

    private static bool IsNamedAfter(string? name, string? path) => string.IsNullOrEmpty(name)
        || Path.GetFileName(path)?.StartsWith(name.Length > LongestName ? name[..LongestName] : name, StringComparison.OrdinalIgnoreCase) is true;
}
