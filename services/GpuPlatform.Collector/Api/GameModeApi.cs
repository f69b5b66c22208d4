using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>Game mode by hand.</summary>
internal static class GameModeApi
{
    private const string JsonType = "application/json";
    private const int LongestBodyBytes = 4096;
    private const double MostMinutes = 24 * 60;

    public static void MapGameMode(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.GameMode, Read)
            .TakesNoQuery()
            .Describe("gameMode", "Whether the collector keeps away from dear driver calls", "While it does, details are not read and process lists rarely.", ApiExamples.GameMode);
        routes.MapPost(Routes.GameMode, SetAsync)
            .TakesNoQuery()
            .OnlyFromThisHost()
            .Accepts<GameModeRequest>(JsonType)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .Describe("setGameMode", "Switches game mode by hand, for a time if asked",
                "Taken from this host only, under a name of this host, and from no page of another origin.", ApiExamples.GameMode);
    }

    private static Ok<GameMode> Read(GameModeSwitch mode) => TypedResults.Ok(ToAnswer(mode));

    private static async Task<Results<Ok<GameMode>, ValidationProblem, ProblemHttpResult>> SetAsync(HttpContext http, GameModeSwitch mode)
    {
        if (!http.Request.HasJsonContentType())
            return TypedResults.Problem($"Content-Type is '{http.Request.ContentType}'; accepted is {JsonType}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestBodyBytes;
        GameModeRequest? asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync(http.Request.Body, ApiJson.Default.GameModeRequest, http.RequestAborted);
        }
        catch (JsonException e)
        {
            return Refuse(e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", "not as expected; accepted is {\"on\": true or false, \"minutes\": a number, or left out}");
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, statusCode: e.StatusCode);
        }
        if (asked?.On is not { } on)
            return Refuse("on", "missing; accepted are true and false");
        if (asked.Minutes is not (null or (> 0 and <= MostMinutes)))
            return Refuse("minutes", $"{asked.Minutes} is not accepted; accepted is a number above 0, at most {MostMinutes}, or none");
        mode.Set(on, asked.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        return TypedResults.Ok(ToAnswer(mode));
    }

    private static ValidationProblem Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    private static GameMode ToAnswer(GameModeSwitch mode)
    {
        var (on, until) = mode.State;
        return new GameMode { On = on, Until = until };
    }
}
