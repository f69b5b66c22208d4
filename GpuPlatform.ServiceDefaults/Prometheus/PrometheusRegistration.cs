using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GpuPlatform.ServiceDefaults.Prometheus;

internal static class PrometheusRegistration
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void AddPrometheus(this IHostApplicationBuilder builder)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<MetricCollector>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MetricCollector>());
    }

    public static void MapPrometheus(this WebApplication app) => app.MapGet(DefaultRoutes.Metrics, (RequestDelegate)ScrapeAsync).DisableHttpMetrics();

    private static async Task ScrapeAsync(HttpContext context)
    {
        var text = await context.RequestServices.GetRequiredService<MetricCollector>().ScrapeAsync(context.RequestAborted);
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted);
    }
}
