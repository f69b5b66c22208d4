using Microsoft.AspNetCore.Http;

namespace GpuPlatform.ServiceDefaults;

/// <summary>The router refuses a body of another type and another method before anybody reads the call, and says no word of it.</summary>
public static class RouterRefusals
{
    /// <summary>Has these say what is accepted, as every other refusal does. What else the service has to say of problems is asked after it.</summary>
    public static void Explain(ProblemDetailsOptions options)
    {
        var next = options.CustomizeProblemDetails;
        options.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Detail ??= Words(context.ProblemDetails.Status, context.HttpContext);
            next?.Invoke(context);
        };
    }

    private static string? Words(int? status, HttpContext http) => status switch
    {
        StatusCodes.Status415UnsupportedMediaType => PostedJson.Words(http),
        StatusCodes.Status405MethodNotAllowed when http.Response.Headers.Allow is { Count: > 0 } allowed => $"{http.Request.Method} is not answered here; accepted is {allowed}.",
        _ => null,
    };
}
