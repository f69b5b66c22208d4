using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What the columns of <see cref="KindColumns"/> are made of.</summary>
public sealed record KindMeasure(string Key, string Label, string Unit, Func<KindUsageHour, double?> Value, Func<double, string> Words)
{
    public static readonly KindMeasure Time = new("time", "GPU time", "minutes", hour => hour.SmSeconds / 60, minutes => Quantity.Duration(minutes * 60));
    public static readonly KindMeasure Memory = new("memory", "Memory", "GiB hours",
        hour => hour.MemoryAverageBytes / Quantity.BytesPerGib * (hour.PresentSeconds / 3600), hours => $"{Quantity.Plain(Math.Round(hours, 1))} GiB h");
    public static readonly KindMeasure Energy = new("energy", "Energy", "Wh", hour => hour.EnergyJoules / 3600, hours => Quantity.Energy(hours * 3600));
    public static readonly KindMeasure Present = new("present", "Present", "minutes", hour => hour.PresentSeconds / 60, minutes => Quantity.Duration(minutes * 60));

    public static readonly IReadOnlyList<KindMeasure> All = [Time, Memory, Energy, Present];
}
