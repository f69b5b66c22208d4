using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>What is posted in a few words of JSON.</summary>
internal static class JsonBody
{
    private const int LongestBytes = 4096;

    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder route) where T : notnull => route
        .Accepts<T>(PostedJson.Type)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Reads the body and has it answered, or says by field why it is not accepted.</summary>
    /// <param name="http">The call.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="accepted">The same for people.</param>
    /// <param name="answer">Answers it.</param>
    public static async Task<Results<Ok<TAnswer>, ValidationProblem, ProblemHttpResult>> AnswerAsync<TAsked, TAnswer>(
        HttpContext http, JsonTypeInfo<TAsked> type, string accepted, Func<TAsked, Results<Ok<TAnswer>, ValidationProblem, ProblemHttpResult>> answer)
        where TAsked : class
    {
        if (!http.Request.HasJsonContentType())
            return PostedJson.Refusal(http);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestBytes;
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } asked
                ? answer(asked)
                : Refuse("body", $"null is not accepted; accepted is {accepted}");
        }
        catch (JsonException e)
        {
            return Refuse(FieldOf(e), $"not as expected; accepted is {accepted}");
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, statusCode: e.StatusCode);
        }
    }

    public static ValidationProblem Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    private static string FieldOf(JsonException problem) => problem.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body";
}
