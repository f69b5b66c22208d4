using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What a person wants a program to be taken for, as the classifier takes it.</summary>
internal sealed record UserRule(RuleMatch Match, WorkloadKind Kind)
{
    // The kernel cuts names to so many bytes
    private const int LongestName = 15;

    /// <summary>
    /// For all processes of the program that this one runs, by its path; by its name where that could not be read, or where what it runs in is another
    /// program, as Wine is for a game. Null when neither is known.
    /// </summary>
    public static UserRule? For(GpuProcess process, WorkloadKind kind) =>
        process.ExecutablePath is { Length: > 0 } path && IsNamedAfter(process.Name, path) ? new(new RuleMatch(path, null), kind)
        : process.Name is { Length: > 0 } name ? new(new RuleMatch(null, name), kind)
        : null;

    private static bool IsNamedAfter(string? name, string path) => string.IsNullOrEmpty(name)
        || Path.GetFileName(path).StartsWith(name.Length > LongestName ? name[..LongestName] : name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One of the two.</summary>
internal sealed record RuleMatch(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Exe,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name)
{
    [JsonIgnore]
    public string Words => Exe ?? Name ?? "";
}
