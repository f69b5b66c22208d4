namespace GpuPlatform.ServiceDefaults;

/// <summary>Names for meters that only one kind of reader is meant to see; any other meter of ours is seen by both.</summary>
public static class MeterNames
{
    internal const string ScrapedOnlyPrefix = "Prometheus.";
    internal const string ExportedOnlyPrefix = "GpuPlatform.Otlp.";

    /// <summary>A meter that is at <c>/metrics</c>, its names as they are, and not exported over OTLP: names that another exporter has made known.</summary>
    public static string ScrapedOnly(string name) => ScrapedOnlyPrefix + name;

    /// <summary>A meter that is exported over OTLP and not at <c>/metrics</c>: the same readings would be there twice.</summary>
    public static string ExportedOnly(string name) => ExportedOnlyPrefix + name;
}
