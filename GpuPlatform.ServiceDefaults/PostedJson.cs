using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.ServiceDefaults;

/// <summary>What is posted is JSON and says so: a form of another page's cannot, without being asked first.</summary>
public static class PostedJson
{
    public const string Type = "application/json";

    /// <summary>Refuses a body that is said to be something else.</summary>
    public static ProblemHttpResult Refusal(HttpContext http) => TypedResults.Problem(Words(http), statusCode: StatusCodes.Status415UnsupportedMediaType);

    internal static string Words(HttpContext http) => $"Content-Type is '{http.Request.ContentType}'; accepted is {Type}.";
}
