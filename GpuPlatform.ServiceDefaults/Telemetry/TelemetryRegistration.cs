using System.Reflection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GpuPlatform.ServiceDefaults.Telemetry;

internal static class TelemetryRegistration
{
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // Without the switch the server span carries no tags at all, neither for exporters nor for the probe filter.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        var exports = OtlpSettings.IsExporting(builder.Configuration);
        var describe = Description(builder.Environment);

        // Spans are recorded even when nobody exports them, so that the context that crosses to other services is a sampled one.
        builder.Services.AddSingleton(services => Tracing(services.GetRequiredService<IConfiguration>(), describe, exports));
        if (exports)
        {
            builder.Services.AddSingleton(services => Metrics(services.GetRequiredService<IConfiguration>(), describe));
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeScopes = true;
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(describe(ResourceBuilder.CreateEmpty()));
                logs.AddOtlpExporter();
            });
        }

        builder.Services.AddHostedService<TelemetryLifetime>();
        builder.Services.AddSingleton<IStartupFilter, ServerSpanStartupFilter>();
    }

    private static TracerProvider Tracing(IConfiguration configuration, Func<ResourceBuilder, ResourceBuilder> describe, bool exports)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(describe(ResourceBuilder.CreateEmpty()))
            .AddSource(TelemetryNames.Sources)
            .AddProcessor(new ProbeSpanFilter());
        return (exports ? builder.AddOtlpExporter() : builder).Build();
    }

    private static MeterProvider Metrics(IConfiguration configuration, Func<ResourceBuilder, ResourceBuilder> describe) =>
        Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(describe(ResourceBuilder.CreateEmpty()))
            .AddMeter(TelemetryNames.Meters)
            .AddOtlpExporter()
            .Build();

    // The environment detector comes last and so wins: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are the operator's word.
    private static Func<ResourceBuilder, ResourceBuilder> Description(IHostEnvironment environment)
    {
        var instanceId = Guid.NewGuid().ToString();
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return resource => resource
            .AddService(environment.ApplicationName, serviceVersion: version, serviceInstanceId: instanceId)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
    }
}
