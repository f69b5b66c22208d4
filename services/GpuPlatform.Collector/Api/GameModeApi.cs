using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>Game mode by hand.</summary>
internal static class GameModeApi
{
    private const string Accepted = """{"on": true or false, "minutes": a number, or left out}""";
    private const double MostMinutes = 24 * 60;

    public static void MapGameMode(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.GameMode, Read)
            .TakesNoQuery()
            .Describe("gameMode", "Whether the collector keeps away from dear driver calls", "While it does, details are not read and process lists rarely.", ApiExamples.GameMode);
        routes.MapPost(Routes.GameMode, SetAsync)
            .TakesNoQuery()
            .OnlyFromThisHost()
            .TakesJson<GameModeRequest>()
            .Describe("setGameMode", "Switches game mode by hand, for a time if asked",
                "Taken from this host only, under a name of this host, and from no page of another origin.", ApiExamples.GameMode);
    }

    private static Ok<GameMode> Read(GameModeSwitch mode) => TypedResults.Ok(ToAnswer(mode));

    private static Task<Results<Ok<GameMode>, ValidationProblem, ProblemHttpResult>> SetAsync(HttpContext http, GameModeSwitch mode) =>
        JsonBody.AnswerAsync<GameModeRequest, GameMode>(http, ApiJson.Default.GameModeRequest, Accepted, asked =>
        {
            if (asked.On is not { } on)
                return JsonBody.Refuse("on", "missing; accepted are true and false");
            if (asked.Minutes is not (null or (> 0 and <= MostMinutes)))
                return JsonBody.Refuse("minutes", $"{asked.Minutes} is not accepted; accepted is a number above 0, at most {MostMinutes}, or none");
            mode.Set(on, asked.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
            return TypedResults.Ok(ToAnswer(mode));
        });

    private static GameMode ToAnswer(GameModeSwitch mode)
    {
        var (on, until) = mode.State;
        return new GameMode { On = on, Until = until };
    }
}
