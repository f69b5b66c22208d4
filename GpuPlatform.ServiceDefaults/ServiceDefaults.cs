using GpuPlatform.ServiceDefaults.Health;
using GpuPlatform.ServiceDefaults.Outgoing;
using GpuPlatform.ServiceDefaults.Prometheus;
using GpuPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service has in common: telemetry, health, service discovery, resilience and a Prometheus endpoint.</summary>
public static class ServiceDefaults
{
    /// <summary>Adds telemetry, health checks, service discovery and resilience.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddLogLevels();
        builder.AddTelemetry();
        builder.AddPrometheus();
        builder.AddDefaultHealthChecks();
        builder.AddOutgoingHttp();
        return builder;
    }

    /// <summary>Maps <c>/health</c>, <c>/alive</c> and <c>/metrics</c>.</summary>
    /// <remarks>In every environment: services listen on loopback unless their address is changed, and orchestrators probe these.</remarks>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        app.MapPrometheus();
        return app;
    }
}
