namespace GpuPlatform.Collector.Drm;

/// <summary>The cards of AMD and Intel under <c>/sys/class/drm</c>. Their drivers are not asked: a sleeping card may be listed.</summary>
internal sealed class DrmCards(string root, KernelReader files)
{
    /// <summary>Where the cards are listed.</summary>
    public string Folder { get; } = Path.Combine(root, "sys/class/drm");

    /// <summary>The cards ordered by bus address, which a restart does not shuffle.</summary>
    public List<DrmCard> List()
    {
        try
        {
            return Directory.Exists(Folder)
                ? [.. Directory.EnumerateDirectories(Folder, "card*").Where(IsCard).Select(Find).OfType<DrmCard>()
                    .OrderBy(card => card.BusId, StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.CountGarbage("drm");
            return [];
        }
    }

    // Beside card0 there are its connectors: card0-DP-1
    private static bool IsCard(string folder) => int.TryParse(Path.GetFileName(folder.AsSpan())[4..], out _);

    private DrmCard? Find(string folder)
    {
        try
        {
            return DrmCard.Find(folder, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was there when the folder was listed; the next listing sees what became of it
            files.CountGarbage("card");
            return null;
        }
    }
}
