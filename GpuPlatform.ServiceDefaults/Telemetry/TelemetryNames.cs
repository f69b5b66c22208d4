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

    public static bool IsListenedTo(string meterName) =>
        meterName.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase) || Meters.Contains(meterName, StringComparer.OrdinalIgnoreCase);
}
