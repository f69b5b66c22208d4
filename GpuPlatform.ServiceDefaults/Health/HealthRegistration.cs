using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace GpuPlatform.ServiceDefaults.Health;

internal static class HealthRegistration
{
    private const string LiveTag = "live";

    public static void AddDefaultHealthChecks(this IHostApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);

    /// <summary>Maps <c>/health</c> (every check: may it get work?) and <c>/alive</c> (checks tagged live: must it be restarted?).</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(DefaultRoutes.Health, new HealthCheckOptions { ResponseWriter = HealthJson.WriteAsync }).DisableHttpMetrics();
        app.MapHealthChecks(DefaultRoutes.Alive, new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(LiveTag),
            ResponseWriter = HealthJson.WriteAsync,
        }).DisableHttpMetrics();
    }
}
