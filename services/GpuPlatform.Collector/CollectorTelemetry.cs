using System.Diagnostics;
using System.Reflection;

namespace GpuPlatform.Collector;

/// <summary>Names under which the collector's own traces and metrics are found.</summary>
internal static class CollectorTelemetry
{
    public const string Name = "GpuPlatform.Collector";

    public static readonly ActivitySource Source = new(Name);

    public static readonly string Version =
        typeof(CollectorTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
