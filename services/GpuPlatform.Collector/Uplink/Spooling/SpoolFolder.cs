namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>Where a node's spool lies, and who holds it.</summary>
internal static class SpoolFolder
{
    private const string PositionFile = "position";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    /// <summary>The folder of a node; null when there is no place for it.</summary>
    /// <param name="configured"><c>Uplink:SpoolPath</c>.</param>
    /// <param name="nodeId">Two collectors on one host do not share.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="isRoot">Whether this is a service of the system rather than a person's.</param>
    public static string? Choose(string? configured, string nodeId, Func<string, string?> variable, bool isRoot)
    {
        var root = configured ?? Default(variable, isRoot);
        // The prefix also keeps an id such as ".." in its place
        return root is null ? null : Path.Combine(root, "spool-" + nodeId);
    }

    /// <summary>Makes the folder and holds it until the file is closed, or the process dead.</summary>
    public static FileStream Take(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
        try
        {
            return new(Path.Combine(folder, PositionFile), SpoolSegment.OwnerOnly(new()
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
            }));
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            throw new IOException($"another collector uses {folder}; give each a Node:Id or an Uplink:SpoolPath of its own", exception);
        }
    }

    private static string? Default(Func<string, string?> variable, bool isRoot)
    {
        // systemd gives a list where a unit names several
        if (Absolute(variable("STATE_DIRECTORY")?.Split(':')[0]) is { } state) return state;
        if (Absolute(variable("GPUPLATFORM_DATA")) is { } data) return Path.Combine(data, "collector");
        if (isRoot) return "/var/lib/gpuplatform/collector";
        if (Absolute(variable("XDG_STATE_HOME")) is { } states) return Path.Combine(states, "gpuplatform", "collector");
        return Absolute(variable("HOME")) is { } home ? Path.Combine(home, ".local", "state", "gpuplatform", "collector") : null;
    }

    private static string? Absolute(string? path) => Path.IsPathFullyQualified(path ?? "") ? path : null;
}
