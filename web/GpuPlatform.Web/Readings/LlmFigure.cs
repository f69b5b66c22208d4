using System.Globalization;

namespace GpuPlatform.Web.Readings;

/// <summary>Numbers about tokens as people read them. A missing one is an em dash, never 0.</summary>
internal static class LlmFigure
{
    /// <summary>"12,345".</summary>
    public static string Count(long? value) => value?.ToString("#,0", CultureInfo.InvariantCulture) ?? Quantity.Missing;

    /// <summary>"≈ 345" when it is a count of pieces, since the server told no number.</summary>
    public static string Tokens(long? value, bool estimated) => value is not null && estimated ? $"≈ {Count(value)}" : Count(value);

    /// <summary>"12,345" up to six digits, then "1.23 M".</summary>
    public static string Short(long value) => value switch
    {
        < 1_000_000 => Count(value),
        < 1_000_000_000 => Number(value / 1e6, "0.00") + " M",
        _ => Number(value / 1e9, "0.00") + " G",
    };

    /// <summary>Three digits in the unit that suits: "0.42 ms", "340 ms", "2.41 s", "3 min 5 s".</summary>
    public static string Milliseconds(double? value) => value switch
    {
        null or < 0 => Quantity.Missing,
        { } number when !double.IsFinite(number) => Quantity.Missing,
        < 10 => Number(value.Value, "0.##") + " ms",
        < 1000 => Number(value.Value, "0") + " ms",
        < 10_000 => Number(value.Value / 1000, "0.00") + " s",
        < 60_000 => Number(value.Value / 1000, "0.0") + " s",
        _ => Quantity.Duration(value / 1000),
    };

    /// <summary>A round number of milliseconds, as short as it can be: "800 ms", "1.6 s".</summary>
    public static string Bound(double value) => value < 1000 ? $"{Number(value, "0.##")} ms" : $"{Number(value / 1000, "0.##")} s";

    /// <summary>Tokens per second: "84.2 tok/s", whole from 100 on.</summary>
    public static string PerSecond(double? value) => value is { } number && double.IsFinite(number) && number >= 0
        ? Number(number, number < 100 ? "0.0" : "#,0") + " tok/s"
        : Quantity.Missing;

    /// <summary>Energy of something small.</summary>
    public static string Joules(double? value) => value is { } number && double.IsFinite(number) && number >= 0
        ? Number(number, number < 10 ? "0.00" : number < 100 ? "0.0" : "#,0") + " J"
        : Quantity.Missing;

    /// <summary>Bytes that may be few: "812 B", "1.4 kB", else MiB and GiB.</summary>
    public static string Bytes(long value) => value switch
    {
        < 0 => Quantity.Missing,
        < 1000 => Number(value, "0") + " B",
        < 1_000_000 => Number(value / 1000d, "0.0") + " kB",
        _ => Quantity.Bytes(value),
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
