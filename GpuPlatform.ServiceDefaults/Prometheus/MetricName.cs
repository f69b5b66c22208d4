using System.Text;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>Names as Prometheus allows them, after the OpenTelemetry rules: unit last, <c>_total</c> at the end of counters.</summary>
internal static class MetricName
{
    private const string TotalSuffix = "_total";
    private static readonly string[] HistogramSuffixes = ["_bucket", "_sum", "_count"];

    public static string For(string instrumentName, MetricUnit unit, MetricKind kind)
    {
        var name = Sanitize(instrumentName, allowColon: true);
        if (name.EndsWith(TotalSuffix, StringComparison.Ordinal) && name.Length > TotalSuffix.Length) name = name[..^TotalSuffix.Length];
        if (unit.Suffix is { Length: > 0 } suffix)
        {
            var clean = Sanitize(suffix, allowColon: false).Trim('_');
            if (clean.Length > 0 && name != clean && !name.EndsWith("_" + clean, StringComparison.Ordinal)) name += "_" + clean;
        }

        if (kind == MetricKind.Counter) return name + TotalSuffix;
        // These endings belong to the samples of histograms; a gauge with one could be taken for a part of another metric.
        return kind == MetricKind.Gauge && HistogramSuffixes.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) ? name + "_current" : name;
    }

    /// <summary>The name as it is, but for what the format does not allow: boards look for it to the letter.</summary>
    public static string Verbatim(string instrumentName) => Sanitize(instrumentName, allowColon: true);

    public static string Label(string? key) => Sanitize(key ?? "", allowColon: false);

    private static string Sanitize(string text, bool allowColon)
    {
        var name = new StringBuilder(text.Length + 1);
        if (text.Length == 0 || char.IsAsciiDigit(text[0])) name.Append('_');
        foreach (var character in text)
        {
            var allowed = char.IsAsciiLetterOrDigit(character) || (allowColon && character == ':');
            if (allowed) name.Append(character);
            else if (name.Length == 0 || name[^1] != '_') name.Append('_');
        }

        return name.ToString();
    }
}
