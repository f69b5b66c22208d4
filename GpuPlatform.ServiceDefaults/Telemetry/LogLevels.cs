using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace GpuPlatform.ServiceDefaults.Telemetry;

internal static class LogLevels
{
    /// <summary>Quiets the five lines per request of the framework. First of the sources, so any configuration overrides it.</summary>
    public static void AddLogLevels(this IHostApplicationBuilder builder) =>
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")],
        });
}
