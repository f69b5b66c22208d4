using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Programs as a person lists them: by name, by path, or by a folder with a slash at its end.</summary>
internal sealed class ProgramList(string text)
{
    // The kernel cuts names there
    private const int LongestName = 15;

    private static readonly char[] Slashes = ['/', '\\'];

    private readonly string[] _entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The entry that means this process; null when none does.</summary>
    public string? Match(GpuProcessObserved process) => Array.Find(_entries, entry => Means(entry, process));

    private static bool Means(string entry, GpuProcessObserved process) =>
        entry.IndexOfAny(Slashes) < 0 ? IsName(entry, process.Name) || IsName(entry, FileOf(process.ExecutablePath)) || IsName(entry, FileOf(FirstArgument(process)))
        : entry[^1] is '/' or '\\' ? process.ExecutablePath?.StartsWith(entry, StringComparison.Ordinal) == true
        : process.ExecutablePath == entry || FirstArgument(process) == entry;

    private static string? FirstArgument(GpuProcessObserved process) => process.CommandLine is [var first, ..] ? first : null;

    private static bool IsName(string entry, string? name) => name is not null
        && (name.Equals(entry, StringComparison.OrdinalIgnoreCase)
            || (name.Length == LongestName && entry.Length > LongestName && entry.StartsWith(name, StringComparison.OrdinalIgnoreCase)));

    // A Windows program under Wine has backslashes in its path
    private static string? FileOf(string? path) => path?[(path.LastIndexOfAny(Slashes) + 1)..];
}
