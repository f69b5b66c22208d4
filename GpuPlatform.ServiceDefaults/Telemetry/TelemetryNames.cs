namespace GpuPlatform.ServiceDefaults.Telemetry;

/// <summary>The activity sources and meters that are listened to.</summary>
internal static class TelemetryNames
{
    private const string OwnPrefix = "GpuPlatform.";

    // RabbitMQ.Client.Publisher is left out: the bus hangs consumers under our own publish span, and its span would stand beside it.
    public static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", OwnPrefix + "*"];

    public static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Diagnostics", "System.Net.Http", "System.Net.NameResolution", "System.Runtime",
        "Npgsql", "MassTransit", OwnPrefix + "*",
    ];

    /// <summary>Whether a meter is at <c>/metrics</c>.</summary>
    public static bool IsScraped(string meterName) =>
        meterName.StartsWith(MeterNames.ScrapedOnlyPrefix, StringComparison.Ordinal)
        || (meterName.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase) && !meterName.StartsWith(MeterNames.ExportedOnlyPrefix, StringComparison.Ordinal))
        || Meters.Contains(meterName, StringComparer.OrdinalIgnoreCase);
}
