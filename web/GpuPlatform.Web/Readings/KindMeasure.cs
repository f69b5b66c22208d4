using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What the columns of <see cref="KindColumns"/> are made of.</summary>
public sealed record KindMeasure(string Key, string Label, string Unit, string Meaning, Func<KindUsageHour, double?> Value, Func<double, string> Words)
{
    public static readonly KindMeasure Time = new("time", "GPU time", "minutes", "Time in which their work ran on a GPU: half an hour at 50 % is 15 minutes.",
        hour => hour.SmSeconds / 60, minutes => Quantity.Duration(minutes * 60));
    public static readonly KindMeasure Memory = new("memory", "Memory", "GiB hours", "Device memory times how long it was held: 4 GiB for half an hour are 2.",
        hour => hour.MemoryAverageBytes / Quantity.BytesPerGib * (hour.PresentSeconds / 3600), hours => $"{Quantity.Plain(Math.Round(hours, hours < 10 ? 2 : 1))} GiB h");
    public static readonly KindMeasure Energy = new("energy", "Energy", "Wh", "Their share of what the board took, by GPU time. What it took while nothing ran is nobody's.",
        hour => hour.EnergyJoules / 3600, hours => Quantity.Energy(hours * 3600));
    public static readonly KindMeasure Present = new("present", "Present", "minutes", "Time in which one of them was on a GPU at least, whether it worked or not; of several GPUs added up.",
        hour => hour.PresentSeconds / 60, minutes => Quantity.Duration(minutes * 60));

    public static readonly IReadOnlyList<KindMeasure> All = [Time, Memory, Energy, Present];
}
