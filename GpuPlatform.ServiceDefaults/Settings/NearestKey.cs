namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The known key that somebody most likely meant.</summary>
internal static class NearestKey
{
    // One slip in short names, one in three letters of longer ones: more would be guessing
    private const int LettersPerSlip = 3;

    public static string? Find(string key, SettingsCatalog catalog)
    {
        var known = catalog.All.Select(setting => SettingPattern.Fill(setting.Key, key)).ToList();
        return Among(known, key) ?? known.Find(parent => SettingsCatalog.IsAtOrBelow(key, parent)) ?? InAnotherSection(key, known) ?? OfARoot(key, catalog);
    }

    /// <summary>Letters to change, insert, drop or swap with their neighbour to make one text the other.</summary>
    internal static int Slips(string one, string other)
    {
        int[] beforeLast = new int[other.Length + 1], last = new int[other.Length + 1], row = new int[other.Length + 1];
        for (var j = 0; j <= other.Length; j++) last[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = one[i - 1] == other[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[other.Length];
    }

    private static string? Among(IEnumerable<string> candidates, string written) => candidates
        .Select(candidate => (candidate, limit: Math.Max(1, Math.Min(written.Length, candidate.Length) / LettersPerSlip)))
        // What differs much in length is not near, and however long a key somebody writes, it costs nothing
        .Where(pair => Math.Abs(written.Length - pair.candidate.Length) <= pair.limit)
        .Select(pair => (pair.candidate, pair.limit, slips: Slips(written.ToLowerInvariant(), pair.candidate.ToLowerInvariant())))
        .Where(pair => pair.slips <= pair.limit).OrderBy(pair => pair.slips).Select(pair => pair.candidate).FirstOrDefault();

    private static string? InAnotherSection(string written, List<string> known)
    {
        var name = written[(written.LastIndexOf(':') + 1)..];
        var same = known.Where(candidate => candidate[(candidate.LastIndexOf(':') + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return same.Count == 1 ? same[0] : null;
    }

    private static string? OfARoot(string key, SettingsCatalog catalog)
    {
        var end = key.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : key.Length;
        var roots = FrameworkKeys.Roots.Concat(catalog.Elsewhere).Where(root => !root.Contains(':', StringComparison.Ordinal));
        return Among(roots, key[..end]) is { } root ? root + key[end..] : null;
    }
}
