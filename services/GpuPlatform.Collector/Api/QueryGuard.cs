namespace GpuPlatform.Collector.Api;

/// <summary>Refuses what is asked but not understood: a misspelt parameter must not be ignored in silence.</summary>
internal static class QueryGuard
{
    public const string Fresh = "fresh";

    /// <summary>The route takes <c>?fresh=</c>, true or false, and nothing else.</summary>
    public static RouteHandlerBuilder TakesFresh(this RouteHandlerBuilder route) => route.Guarded([Fresh]);

    /// <summary>The route takes no parameter.</summary>
    public static RouteHandlerBuilder TakesNoQuery(this RouteHandlerBuilder route) => route.Guarded([]);

    /// <summary>Whether the query, which the guard has seen, asks for readings of now.</summary>
    public static bool AsksForFresh(string? fresh) => bool.TryParse(fresh, out var isAsked) && isAsked;

    private static RouteHandlerBuilder Guarded(this RouteHandlerBuilder route, string[] known) => route
        .ProducesValidationProblem()
        .AddEndpointFilter(async (context, next) =>
            Problems(context.HttpContext.Request.Query, known) is { Count: > 0 } problems ? TypedResults.ValidationProblem(problems) : await next(context));

    private static Dictionary<string, string[]> Problems(IQueryCollection query, string[] known)
    {
        var problems = new Dictionary<string, string[]>();
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                problems[name] = [known.Length == 0 ? "unknown parameter; this address takes none" : $"unknown parameter; known is {string.Join(", ", known)}"];
            else if (values.Count != 1 || !bool.TryParse(values[0], out _))
                problems[name] = [$"'{values}' is not accepted; accepted are true and false, once"];
        }
        return problems;
    }
}
