namespace GpuPlatform.Collector.Nvml;

/// <summary>Beyond these a value is a driver's garbage, and null.</summary>
internal static class NvmlPlausible
{
    // No board draws a megawatt, no core is hotter than its solder, no clock runs at a terahertz
    private const uint MostMilliwatts = 1_000_000;
    private const int MostCelsius = 200;
    private const uint MostMegahertz = 100_000;

    public static double? Percent(uint value) => value <= 100 ? value : null;

    public static double? Watts(uint milliwatts) => milliwatts <= MostMilliwatts ? milliwatts / 1000d : null;

    /// <summary>A limit of nothing is no limit.</summary>
    public static double? LimitWatts(uint milliwatts) => milliwatts > 0 ? Watts(milliwatts) : null;

    public static double? Celsius(int value) => value is >= -MostCelsius and <= MostCelsius ? value : null;

    /// <summary>Of a sensor without a sign; all ones are "not available", not −1.</summary>
    public static double? Celsius(uint value) => value <= MostCelsius ? value : null;

    public static double? Megahertz(uint value) => value <= MostMegahertz ? value : null;

    /// <summary>A number between two others, as for a PCI Express generation.</summary>
    public static int? Between(uint value, int least, int most) => value >= least && value <= most ? (int)value : null;

    /// <summary>A counter does not go below zero.</summary>
    public static long? Counter(long? value) => value is >= 0 ? value : null;

    public static long? Counter(ulong value) => value <= long.MaxValue ? (long)value : null;

    /// <summary>0 is no, 1 is yes.</summary>
    public static bool? Flag(long? value) => value switch { 0 => false, 1 => true, _ => null };
}
