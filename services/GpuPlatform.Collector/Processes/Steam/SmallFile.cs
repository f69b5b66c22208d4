namespace GpuPlatform.Collector.Processes.Steam;

/// <summary>Files in other people's homes: any of them may be missing, closed, huge, or no file at all.</summary>
internal static class SmallFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Null when it cannot be read, is larger than a megabyte, a link, or something other than a file, which a reader might wait on for ever.</summary>
    public static string? Text(string path)
    {
        try
        {
            // A pipe, a socket and a device have no length
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= MostBytes } ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string[] Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <summary>What can be listed; nothing where it cannot.</summary>
    public static List<string> List(Func<IEnumerable<string>> entries)
    {
        try
        {
            return [.. entries()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
