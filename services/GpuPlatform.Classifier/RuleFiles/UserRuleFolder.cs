using System.Text;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>A file of the user as it was found.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Text">What it holds; null when it cannot be used.</param>
/// <param name="Problem">Why it cannot be used.</param>
internal sealed record UserRuleText(string Name, string? Text, string? Problem);

/// <summary>
/// The folder of the user's rule files. It is looked at anew each time, by its listing: editors replace files by renaming others, which
/// watchers of a file lose sight of.
/// </summary>
internal sealed class UserRuleFolder(string path)
{
    private const int MostFiles = 100;
    private const int LargestBytes = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private string _stamp = "never looked";

    public string Path => path;

    /// <summary>Null when nothing has changed since the last look.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public IReadOnlyList<UserRuleText>? Look(bool evenIfUnchanged = false)
    {
        var files = List();
        var stamp = string.Join('|', files.Select(StampOf));
        if (stamp == _stamp && !evenIfUnchanged)
            return null;
        _stamp = stamp;
        return [.. files.Take(MostFiles).Select(Read), .. files.Skip(MostFiles).Select(file => new UserRuleText(file.Name, null, $"accepted are at most {MostFiles} files"))];
    }

    private List<FileInfo> List() => !Directory.Exists(path) ? [] :
        [.. new DirectoryInfo(path).EnumerateFiles().Where(file => file.Name[0] != '.' && file.Extension is ".yaml" or ".yml")
            .OrderBy(file => file.Name, StringComparer.Ordinal).Take(MostFiles + 10)];

    // A link stays as it is when what it leads to is changed, or replaced; and who may read a file changes without the file
    private static string StampOf(FileInfo file)
    {
        try
        {
            var target = TargetOf(file);
            return $"{file.Name}:{target.FullName}:{target.LastWriteTimeUtc.Ticks}:{(target.Exists ? target.Length : -1)}:{target.UnixFileMode}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file.Name}:{e.Message}";
        }
    }

    private static FileInfo TargetOf(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    private static UserRuleText Read(FileInfo file)
    {
        try
        {
            // Merely to open a pipe waits for its writer, for ever; like a device it has no length
            var target = TargetOf(file);
            if (!target.Exists || target.Length == 0)
                return new UserRuleText(file.Name, null, "it is empty or no regular file; write [] for no rules");
            if (target.Length > LargestBytes)
                return new UserRuleText(file.Name, null, $"it has {target.Length} bytes; accepted are {LargestBytes}");
            using var stream = target.OpenRead();
            var bytes = new byte[Math.Min(stream.Length, LargestBytes)];
            stream.ReadExactly(bytes);
            var text = Strict.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0));
            return new UserRuleText(file.Name, text, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new UserRuleText(file.Name, null, $"it cannot be read: {e.Message}");
        }
    }
}
