using System.Globalization;

namespace GpuPlatform.Web.Readings;

/// <summary>Numbers as people read them. A missing one is an em dash, never 0.</summary>
internal static class Quantity
{
    public const string Missing = "—";
    public const double BytesPerGib = 1024d * 1024 * 1024;
    private const double BytesPerMib = 1024d * 1024;

    public static string Percent(double? value) => Number(value, "0") is { } text ? $"{text} %" : Missing;
    public static string Celsius(double? value) => Number(value, "0") is { } text ? $"{text} °C" : Missing;
    public static string Watts(double? value) => Number(value, "0") is { } text ? $"{text} W" : Missing;

    public static string Megahertz(double? value) => Number(value, "0") is { } text ? $"{text} MHz" : Missing;
    public static string Rpm(double? value) => Number(value, "0") is { } text ? $"{text} rpm" : Missing;

    /// <summary>Watt-hours, as on an electricity bill; kilowatt-hours from one on.</summary>
    public static string Energy(double? joules) => joules switch
    {
        null or < 0 => Missing,
        > 0 and < 180 => "< 0.1 Wh",
        < 36_000 => Number(joules / 3600, "0.0") is { } text ? $"{text} Wh" : Missing,
        < 3_600_000 => $"{Number(joules / 3600, "0")} Wh",
        _ => Number(joules / 3_600_000, "0.00") is { } text ? $"{text} kWh" : Missing,
    };

    /// <summary>A length of time in its two largest units, the second only where there is something of it.</summary>
    public static string Duration(double? seconds) => seconds switch
    {
        null or < 0 => Missing,
        > 0 and < 0.5 => "< 1 s",
        < 59.5 => $"{Number(seconds, "0")} s",
        < 3599.5 => Two(Math.Round(seconds.Value), 60, "min", 1, "s"),
        < 2 * 86_400 => Two(Math.Round(seconds.Value), 3600, "h", 60, "min"),
        _ => double.IsFinite(seconds.Value) ? Two(seconds.Value, 86_400, "d", 3600, "h") : Missing,
    };

    /// <summary>GiB with one decimal; below 0.1 GiB whole MiB.</summary>
    public static string Bytes(double? value) => value switch
    {
        null or < 0 => Missing,
        0 => "0 MiB",
        < BytesPerMib => "< 1 MiB",
        < 0.1 * BytesPerGib => $"{Number(value / BytesPerMib, "0")} MiB",
        _ => $"{Number(value / BytesPerGib, "0.0")} GiB",
    };

    /// <summary>"9.1 of 24.0 GiB", with a dash for the part that was not reported.</summary>
    public static string BytesOf(double? used, double? total) =>
        used >= 0 && total > 0
            ? $"{Number(used / BytesPerGib, "0.0")} of {Number(total / BytesPerGib, "0.0")} GiB"
            : used is null && total is null ? Missing : $"{Bytes(used)} of {Bytes(total)}";

    /// <summary>The share in percent, within 0–100; null when either part is missing.</summary>
    public static double? Share(double? part, double? whole) =>
        whole > 0 && part is not null ? Math.Clamp(part.Value / whole.Value * 100, 0, 100) : null;

    /// <summary>A number for an attribute or a style.</summary>
    public static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The text with no line ending between a number and its unit.</summary>
    public static string Unbroken(string text)
    {
        foreach (var unit in (string[])["%", "°C", "GiB", "MiB"]) text = text.Replace($" {unit}", $"\u00a0{unit}", StringComparison.Ordinal);
        return text;
    }

    private static string Two(double seconds, int large, string largeUnit, int small, string smallUnit)
    {
        var rest = Math.Floor(seconds % large / small);
        return $"{Number(Math.Floor(seconds / large), "0")} {largeUnit}" + (rest > 0 ? $" {Number(rest, "0")} {smallUnit}" : "");
    }

    private static string? Number(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : null;
}
