using Microsoft.Extensions.Primitives;

namespace GpuPlatform.Collector.Api;

/// <summary>Refuses what is asked but not understood: a misspelt parameter must not be ignored in silence.</summary>
internal static class QueryGuard
{
    public const string Fresh = "fresh";

    /// <summary>The route takes <c>?fresh=</c>, true or false, and nothing else.</summary>
    public static RouteHandlerBuilder TakesFresh(this RouteHandlerBuilder route) => route.Guarded([Fresh], IsFlag, "are true and false, once");

    /// <summary>The route takes no parameter.</summary>
    public static RouteHandlerBuilder TakesNoQuery(this RouteHandlerBuilder route) => route.Guarded([], IsValue, "");

    /// <summary>The route takes these parameters, each at most once and not empty; what they say it judges itself.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder route, params string[] known) => route.Guarded(known, IsValue, "is one value");

    /// <summary>Whether the query, which the guard has seen, asks for readings of now.</summary>
    public static bool AsksForFresh(string? fresh) => bool.TryParse(fresh, out var isAsked) && isAsked;

    private static bool IsFlag(StringValues values) => values.Count == 1 && bool.TryParse(values[0], out _);

    private static bool IsValue(StringValues values) => values is [{ Length: > 0 }];

    private static RouteHandlerBuilder Guarded(this RouteHandlerBuilder route, string[] known, Func<StringValues, bool> isAccepted, string accepted) => route
        .ProducesValidationProblem()
        .AddEndpointFilter(async (context, next) =>
            Problems(context.HttpContext.Request.Query, known, isAccepted, accepted) is { Count: > 0 } problems ? TypedResults.ValidationProblem(problems) : await next(context));

    private static Dictionary<string, string[]> Problems(IQueryCollection query, string[] known, Func<StringValues, bool> isAccepted, string accepted)
    {
        var problems = new Dictionary<string, string[]>();
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                problems[name] = [known.Length == 0 ? "unknown parameter; this address takes none" : $"unknown parameter; known is {string.Join(", ", known)}"];
            else if (!isAccepted(values))
                problems[name] = [$"'{values}' is not accepted; accepted {accepted}"];
        }
        return problems;
    }
}
