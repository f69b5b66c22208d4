namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>Without what a condition cannot hold, for the index: one of these names, or a text that fits one of these.</summary>
/// <param name="Names">Perhaps none.</param>
/// <param name="Fits">All of the same texts; perhaps none.</param>
internal sealed record Need(IReadOnlySet<string> Names, IReadOnlyList<TextFits> Fits)
{
    /// <summary>What one of several conditions needs; null when that cannot be told by names and texts of one sort.</summary>
    public static Need? OfAny(IReadOnlyList<Condition> parts)
    {
        if (parts.Any(part => part.Needs is null)) return null;
        var fits = parts.SelectMany(part => part.Needs!.Fits).ToList();
        return fits.Select(fit => fit.Texts).Distinct().Count() > 1 ? null : new Need(parts.SelectMany(part => part.Needs!.Names).ToHashSet(StringComparer.Ordinal), fits);
    }

    /// <summary>What the part of several needs that is held against the fewest processes.</summary>
    public static Need? OfAll(IReadOnlyList<Condition> parts) =>
        parts.Select(part => part.Needs).OfType<Need>().OrderBy(need => need.Fits.Count > 0).ThenBy(need => need.Names.Count).FirstOrDefault();
}
