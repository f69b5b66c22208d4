namespace GpuPlatform.LocalHosting.Engine;

/// <summary>Stops the application when the <c>dotnet run</c> that started it was killed without a chance to pass the signal on.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static IDisposable? StopWhenDotnetRunEnds(CancellationTokenSource stop)
    {
        var parent = ParentOf("self");
        if (parent is null || !IsDotnetRun(parent)) return null;
        return new Timer(_ =>
        {
            if (ParentOf("self") != parent) stop.Cancel();
        }, null, Interval, Interval);
    }

    private static bool IsDotnetRun(string processId)
    {
        var arguments = ReadOrNull($"/proc/{processId}/cmdline")?.Split('\0') ?? [];
        return arguments.Length > 1 && Path.GetFileName(arguments[0]) == "dotnet" && arguments.Contains("run");
    }

    // The name in parentheses may hold anything: count the fields from the last parenthesis on.
    private static string? ParentOf(string processId) => ReadOrNull($"/proc/{processId}/stat") is { } stat
        ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]
        : null;

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
