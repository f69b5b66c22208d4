using System.Collections.Frozen;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes.Steam;

/// <summary>
/// The games that Steam has installed on this host. Homes may lie on disks that sleep or hang, so they are read on a thread of their own and
/// never waited for: an answer comes from what was read last.
/// </summary>
internal sealed partial class SteamLibraries(string root, TimeProvider clock, ILogger<SteamLibraries> logger)
{
    internal static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, SteamLibrary> _libraries = [];
    private FrozenDictionary<string, InstalledGame[]> _games = FrozenDictionary<string, InstalledGame[]>.Empty;
    private long _refreshedAt;
    private int _isRefreshing;

    /// <summary>
    /// The game in whose folder one of these lies, as Linux or as Wine writes paths: program, first argument, working directory. Several share a
    /// folder now and then; then the id in the environment counts. <paramref name="mayCome"/>: the libraries are being read, so ask again.
    /// </summary>
    public InstalledGame? Find(ProcessFacts facts, out bool mayCome)
    {
        mayCome = false;
        string?[] places = [FolderOf(facts.ExecutablePath), FolderOf(facts.CommandLine is [var first, ..] ? first : null), FolderOf(facts.WorkingDirectory)];
        if (Array.TrueForAll(places, place => place is null))
            return null;
        RefreshWhenDue();
        mayCome = IsRefreshing;
        var games = Volatile.Read(ref _games);
        foreach (var place in places)
            if (place is not null && games.TryGetValue(place, out var there))
                return Pick(there, facts);
        return null;
    }

    internal bool IsRefreshing => Volatile.Read(ref _isRefreshing) != 0;

    /// <summary>The folder below <c>steamapps/common</c> in a path, or behind <c>S:\common</c>, as Proton may call it.</summary>
    internal static string? FolderOf(string? path)
    {
        if (path is null)
            return null;
        var unified = path.Replace('\\', '/');
        var start = unified.StartsWith("S:/common/", StringComparison.OrdinalIgnoreCase) ? "S:/common/".Length
            : unified.IndexOf("/steamapps/common/", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + "/steamapps/common/".Length : -1;
        if (start < 0)
            return null;
        var end = unified.IndexOf('/', start);
        return end == start || start == unified.Length ? null : end < 0 ? unified[start..] : unified[start..end];
    }

    private static InstalledGame Pick(InstalledGame[] games, ProcessFacts facts) =>
        games.Length > 1 && facts.Environment?.GetValueOrDefault("SteamAppId") is { } text && long.TryParse(text, out var id)
        && Array.Find(games, game => game.AppId == id) is { } chosen ? chosen : games[0];

    private void RefreshWhenDue()
    {
        var last = Interlocked.Read(ref _refreshedAt);
        if (last != 0 && clock.GetElapsedTime(last) < RefreshInterval || Interlocked.Exchange(ref _isRefreshing, 1) != 0)
            return;
        new Thread(Refresh) { IsBackground = true, Name = "Steam libraries" }.Start();
    }

    private void Refresh()
    {
        try
        {
            var found = SteamFolders.Libraries(root).ToDictionary(path => path, path => SteamLibrary.Read(path, _libraries.GetValueOrDefault(path)));
            _libraries.Clear();
            foreach (var (path, library) in found)
                _libraries.Add(path, library);
            Volatile.Write(ref _games, found.Values.SelectMany(library => library.Games)
                .GroupBy(game => game.Folder, game => game.Game, StringComparer.OrdinalIgnoreCase)
                .ToFrozenDictionary(games => games.Key, games => games.DistinctBy(game => game.AppId).OrderBy(game => game.AppId).ToArray(), StringComparer.OrdinalIgnoreCase));
        }
        catch (Exception e)
        {
            // What was known stays, and the next look is due as ever; thrown on, it would end the collector
            Log.Failed(logger, e);
        }
        finally
        {
            Interlocked.Exchange(ref _refreshedAt, Math.Max(1, clock.GetTimestamp()));
            Volatile.Write(ref _isRefreshing, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The Steam libraries could not be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
