using System.Globalization;

namespace GpuPlatform.SystemTests;

/// <summary>Reads single values out of a Prometheus text page.</summary>
internal static class Prometheus
{
    /// <summary>Sum of all series of a metric, or of those with a label such as <c>type="x"</c>; null when there is none.</summary>
    public static double? Read(string page, string metric, string label = "")
    {
        var values = page.Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is ' ' or '{')
            .Where(line => line.Contains(label, StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToList();
        return values.Count == 0 ? null : values.Sum();
    }
}
