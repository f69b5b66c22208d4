namespace GpuPlatform.Collector.Processes.Steam;

/// <summary>Where Steam may be installed on a host: in every user's home, from its own package, Debian's, Flathub's or the Snap store's.</summary>
internal static class SteamFolders
{
    private const int MostHomes = 256;
    private const int MostLibraries = 64;

    private static readonly string[] InHome =
    [
        ".local/share/Steam", ".steam/steam", ".steam/debian-installation", ".var/app/com.valvesoftware.Steam/.local/share/Steam",
        ".var/app/com.valvesoftware.Steam/data/Steam", "snap/steam/common/.local/share/Steam",
    ];

    /// <summary>Every library's folder <c>steamapps</c> that can be read.</summary>
    public static IEnumerable<string> Libraries(string root) =>
        Homes(root).SelectMany(home => InHome.Select(folder => Path.Join(home, folder)))
            .SelectMany(steam => Named(root, Path.Join(steam, "steamapps/libraryfolders.vdf")).Prepend(steam))
            .Select(library => Path.Join(library, "steamapps")).Where(Directory.Exists).Distinct(StringComparer.Ordinal).Take(MostLibraries);

    // A directory service's users are not in the file, and a home need not be below /home
    private static IEnumerable<string> Homes(string root)
    {
        var listed = SmallFile.Lines(Path.Join(root, "etc/passwd")).Select(line => line.Split(':')).Where(fields => fields.Length > 5)
            .Select(fields => fields[5]).Where(Path.IsPathRooted).Select(home => Path.Join(root, home));
        return listed.Concat(SmallFile.List(() => Directory.EnumerateDirectories(Path.Join(root, "home")))).Select(Path.TrimEndingDirectorySeparator)
            .Distinct(StringComparer.Ordinal).Take(MostHomes);
    }

    // The path stood alone behind its number until 2021, since then in a block
    private static IEnumerable<string> Named(string root, string file) =>
        SmallFile.Text(file) is { } text && ValveText.Parse(text) is { Blocks: var blocks } && blocks.TryGetValue("libraryfolders", out var folders)
            ? folders.Blocks.Values.Select(folder => folder.Values.GetValueOrDefault("path"))
                .Concat(folders.Values.Where(pair => int.TryParse(pair.Key, out _)).Select(pair => pair.Value))
                .OfType<string>().Where(Path.IsPathRooted).Select(path => Path.Join(root, path))
            : [];
}
