using System.Text.Json;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Classifier.Api;

/// <summary>What is posted, as nodes; or why it is not accepted.</summary>
internal static class JsonBody
{
    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder route) where T : notnull => route
        .Accepts<T>(PostedJson.Type)
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    public static async Task<(Node? Root, IResult? Refusal)> ReadAsync(HttpContext http, long mostBytes)
    {
        if (!http.Request.HasJsonContentType())
            return (null, PostedJson.Refusal(http));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = mostBytes;
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, JsonText.Options, http.RequestAborted);
            return JsonText.Read(document.RootElement) is { } root ? (root, null) : (null, Refuse("is null"));
        }
        catch (JsonException e)
        {
            return (null, Refuse($"is not JSON as it is accepted here: {e.Message}"));
        }
        catch (InvalidOperationException)
        {
            return (null, Refuse("holds a text that is not valid Unicode"));
        }
        catch (BadHttpRequestException e)
        {
            return (null, TypedResults.Problem(e.Message, statusCode: e.StatusCode));
        }
    }

    public static ValidationProblem Refuse(Problems problems) => TypedResults.ValidationProblem(problems.All
        .GroupBy(problem => problem.Key.Length == 0 ? "body" : problem.Key, problem => problem.Says, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal));

    private static ValidationProblem Refuse(string says) => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["body"] = [says] });
}
