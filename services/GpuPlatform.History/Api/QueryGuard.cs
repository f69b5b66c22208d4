namespace GpuPlatform.History.Api;

/// <summary>Refuses query parameters on routes that have none: a misspelt or hopeful one must not be ignored in silence.</summary>
internal static class QueryGuard
{
    private static readonly string[] Unknown = ["unknown parameter; this address takes none"];

    public static RouteHandlerBuilder TakesNoQuery(this RouteHandlerBuilder route) => route
        .ProducesValidationProblem()
        .AddEndpointFilter(async (context, next) =>
        {
            var query = context.HttpContext.Request.Query;
            return query.Count == 0
                ? await next(context)
                : TypedResults.ValidationProblem(query.Keys.ToDictionary(name => name, _ => Unknown));
        });
}
