using System.Globalization;

namespace GpuPlatform.ServiceDefaults;

/// <summary>Amounts of memory as people write them in a query.</summary>
public static class ByteSize
{
    /// <summary>What is accepted, for those whose text is not.</summary>
    public const string Accepted = "a number of bytes above 0, or a number with MiB, GiB, MB or GB";

    private const long MostBytes = 1L << 50;
    private static readonly (string Unit, double Factor)[] Units = [("mib", 1 << 20), ("gib", 1 << 30), ("mb", 1e6), ("gb", 1e9), ("", 1)];

    /// <summary>In bytes, rounded up; null when it is no amount.</summary>
    public static long? Parse(string text)
    {
        foreach (var (unit, factor) in Units)
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return number * factor is >= 1 and <= MostBytes and var bytes ? (long)Math.Ceiling(bytes) : null;
        return null;
    }
}
