using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.ServiceDefaults;

/// <summary>What is posted is JSON and says so: a form of another page's cannot, without being asked first.</summary>
public static class PostedJson
{
    public const string Type = "application/json";

    /// <summary>Refuses a body that is said to be something else.</summary>
    public static ProblemHttpResult Refusal(HttpContext http) => TypedResults.Problem(Words(http), statusCode: StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Has the router's own refusal, which comes before anybody reads the body, say what is accepted.</summary>
    public static void Explain(ProblemDetailsOptions options) => options.CustomizeProblemDetails = context =>
    {
        if (context.ProblemDetails is { Status: StatusCodes.Status415UnsupportedMediaType, Detail: null } problem)
            problem.Detail = Words(context.HttpContext);
    };

    private static string Words(HttpContext http) => $"Content-Type is '{http.Request.ContentType}'; accepted is {Type}.";
}
