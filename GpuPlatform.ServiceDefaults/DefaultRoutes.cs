namespace GpuPlatform.ServiceDefaults;

/// <summary>Paths that every service answers to probes and scrapers; their requests stay out of traces.</summary>
internal static class DefaultRoutes
{
    public const string Health = "/health";
    public const string Alive = "/alive";
    public const string Metrics = "/metrics";

    public static bool IsProbe(string? path) => path is Health or Alive or Metrics;
}
