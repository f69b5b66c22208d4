using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes.Steam;

/// <summary>A game and the folder below <c>steamapps/common</c> that it is in.</summary>
internal sealed record SteamGame(string Folder, InstalledGame Game);

/// <summary>
/// What one library holds, as its manifests say (<c>steamapps/appmanifest_*.acf</c>); not whole when one could not be understood, perhaps because it
/// was being written.
/// </summary>
internal sealed record SteamLibrary(DateTime ChangedAt, bool IsWhole, IReadOnlyList<SteamGame> Games)
{
    private const int MostGames = 4096;
    private const int MostNameCharacters = 128;

    // What Steam runs games with is installed like a game
    private static readonly string[] Tools = ["Proton ", "Proton-", "SteamLinuxRuntime", "Steamworks Shared"];

    /// <summary>Reads a library, or keeps what is known of it when its folder has not changed.</summary>
    public static SteamLibrary Read(string steamapps, SteamLibrary? known)
    {
        // What Steam installs or removes adds or removes a manifest, which changes the folder
        var changedAt = Directory.GetLastWriteTimeUtc(steamapps);
        if (known is { IsWhole: true } && known.ChangedAt == changedAt)
            return known;
        var manifests = SmallFile.List(() => Directory.EnumerateFiles(steamapps, "appmanifest_*.acf").Take(MostGames));
        var apps = manifests.ConvertAll(ReadApp);
        return new SteamLibrary(changedAt, !apps.Contains(null), [.. apps.Select(GameIn).OfType<SteamGame>()]);
    }

    private static Dictionary<string, string>? ReadApp(string manifest) =>
        SmallFile.Text(manifest) is { } text ? ValveText.Parse(text)?.Blocks.GetValueOrDefault("AppState")?.Values : null;

    private static SteamGame? GameIn(Dictionary<string, string>? app)
    {
        if (app is null)
            return null;
        var folder = app.GetValueOrDefault("installdir", "");
        return long.TryParse(app.GetValueOrDefault("appid"), out var id) && id > 0 && app.GetValueOrDefault("name") is { Length: > 0 } name
            && folder.Length > 0 && folder.AsSpan().IndexOfAny('/', '\\') < 0 && !Tools.Any(tool => folder.StartsWith(tool, StringComparison.Ordinal))
            ? new SteamGame(folder, new InstalledGame { AppId = id, Name = ProcessText.Cut(ProcessText.Clean(name), MostNameCharacters) }) : null;
    }
}
