namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>A unit as Prometheus names it, and the factor to it: times and sizes are exposed in their base unit.</summary>
internal readonly record struct MetricUnit(string? Suffix, double Factor)
{
    private static readonly Dictionary<string, MetricUnit> Known = new(StringComparer.Ordinal)
    {
        ["d"] = new("seconds", 86_400), ["h"] = new("seconds", 3_600), ["min"] = new("seconds", 60), ["s"] = new("seconds", 1),
        ["ms"] = new("seconds", 1e-3), ["us"] = new("seconds", 1e-6), ["µs"] = new("seconds", 1e-6), ["ns"] = new("seconds", 1e-9),
        ["By"] = new("bytes", 1), ["kBy"] = new("bytes", 1e3), ["MBy"] = new("bytes", 1e6), ["GBy"] = new("bytes", 1e9),
        ["KiBy"] = new("bytes", 1024), ["MiBy"] = new("bytes", 1024 * 1024), ["GiBy"] = new("bytes", 1024d * 1024 * 1024),
        ["m"] = new("meters", 1), ["V"] = new("volts", 1), ["A"] = new("amperes", 1), ["J"] = new("joules", 1), ["W"] = new("watts", 1),
        ["g"] = new("grams", 1), ["Cel"] = new("celsius", 1), ["Hz"] = new("hertz", 1), ["%"] = new("percent", 1),
    };

    private static readonly Dictionary<string, string> Per = new(StringComparer.Ordinal)
    {
        ["s"] = "second", ["min"] = "minute", ["h"] = "hour", ["d"] = "day", ["ms"] = "millisecond", ["m"] = "meter",
    };

    /// <summary>The unit of an instrument by its UCUM name; annotations like <c>{request}</c> are no unit.</summary>
    public static MetricUnit Of(string? ucum, MetricKind kind)
    {
        var unit = WithoutAnnotations(ucum ?? "").Trim();
        if (unit.Length == 0) return new(null, 1);
        if (unit == "1") return new(kind == MetricKind.Gauge ? "ratio" : null, 1);
        if (Known.TryGetValue(unit, out var known)) return known;

        var slash = unit.IndexOf('/');
        if (slash < 0) return new(unit, 1);
        var (above, below) = (unit[..slash], unit[(slash + 1)..]);
        var numerator = above.Length == 0 ? new(null, 1) : Of(above, MetricKind.Counter);
        var denominator = below.Length == 0 ? null : "per_" + Per.GetValueOrDefault(below, below);
        return new(string.Join('_', new[] { numerator.Suffix, denominator }.OfType<string>()), numerator.Factor);
    }

    private static string WithoutAnnotations(string unit)
    {
        for (var open = unit.IndexOf('{'); open >= 0; open = unit.IndexOf('{'))
        {
            var close = unit.IndexOf('}', open);
            if (close < 0) return unit;
            unit = unit.Remove(open, close - open + 1);
        }

        return unit;
    }
}
