using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace GpuPlatform.ServiceDefaults.Telemetry;

/// <summary>Completes the framework's server span: the instrumentation package would, the framework alone leaves route, status and name out.</summary>
internal sealed class ServerSpanStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(DescribeAsync);
        next(app);
    };

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
            Complete(span, context, context.Response.StatusCode, context.Features.Get<IExceptionHandlerFeature>()?.Error);
        }
        catch (Exception exception)
        {
            // A client that went away is no error of the server; anything else it answers with 500 after this frame, unless it had begun.
            if (context.RequestAborted.IsCancellationRequested) Complete(span, context, StatusCodes.Status499ClientClosedRequest, null);
            else Complete(span, context, context.Response.HasStarted ? context.Response.StatusCode : StatusCodes.Status500InternalServerError, exception);
            throw;
        }
    }

    private static void Complete(Activity span, HttpContext context, int status, Exception? exception)
    {
        // Error handlers run the pipeline again on another endpoint; the one that failed is the one to name.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        var method = KnownMethod(context.Request.Method);
        if (endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern })
        {
            var route = pattern.StartsWith('/') ? pattern : "/" + pattern;
            span.SetTag("http.route", route);
            span.DisplayName = $"{method} {route}";
        }
        else
        {
            span.DisplayName = method;
        }

        span.SetTag("http.response.status_code", status);
        if (exception is null && status < StatusCodes.Status500InternalServerError) return;

        span.SetStatus(ActivityStatusCode.Error, exception?.Message);
        span.SetTag("error.type", exception?.GetType().FullName ?? status.ToString());
    }

    // A client may send any word as the method: names of spans must stay few.
    private static string KnownMethod(string method) =>
        method is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" ? method : "HTTP";
}
