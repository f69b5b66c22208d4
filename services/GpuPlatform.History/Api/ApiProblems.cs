using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace GpuPlatform.History.Api;

/// <summary>How failures are answered: always ProblemDetails, 503 when it is the database that is away.</summary>
internal static class ApiProblems
{
    public static ExceptionHandlerOptions Handling => new()
    {
        StatusCodeSelector = failure => IsOutage(failure) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        // The health check and the ingest report the outage; a stack trace for every question meanwhile would only bury them.
        SuppressDiagnosticsCallback = context => IsOutage(context.Exception),
    };

    public static void Explain(ProblemDetailsOptions options)
    {
        options.CustomizeProblemDetails = context =>
        {
            if (IsOutage(context.Exception))
                context.ProblemDetails.Detail = "The database does not answer. /api/realtime and /api/live still do, from memory.";
        };
        RouterRefusals.Explain(options);
    }

    /// <summary>What the server says of a statement is an outage only when it passes; else it is a defect here, and belongs in the log.</summary>
    internal static bool IsOutage(Exception? failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => true, // the first seconds of a new database
        PostgresException refusal => refusal.IsTransient,
        _ => failure is NpgsqlException or TimeoutException,
    };
}
