namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Keys that .NET and the telemetry exporter read; their own documentation lists them.</summary>
internal static class FrameworkKeys
{
    private const string Telemetry = "OTEL_";

    public static readonly string[] Roots =
    [
        "Logging", "Kestrel", "AllowedHosts", "services", "urls", "http_ports", "https_ports", "https_port", "environment",
        "shutdownTimeoutSeconds", "detailedErrors", "captureStartupErrors", "preferHostingUrls", "suppressStatusMessages",
        "forwardedHeaders_Enabled", "$schema",
    ];

    public static bool Contains(string key) =>
        key.StartsWith(Telemetry, StringComparison.OrdinalIgnoreCase) || Roots.Any(root => SettingsCatalog.IsAtOrBelow(key, root));
}
