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

    private static string? Number(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : null;
}
