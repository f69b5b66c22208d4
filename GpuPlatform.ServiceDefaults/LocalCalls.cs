using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.ServiceDefaults;

/// <summary>
/// A web page that the user happens to visit can send requests to loopback, also under a name of its own that it points there (DNS rebinding). So what
/// changes something is taken from this host, under a name of this host, and from no page of another origin.
/// </summary>
public static class LocalCalls
{
    /// <summary>Answers 403 to whoever else asks, and says why.</summary>
    public static RouteHandlerBuilder OnlyFromThisHost(this RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .AddEndpointFilter(async (context, next) => Refusal(context.HttpContext) is { } refusal
            ? TypedResults.Problem(refusal, statusCode: StatusCodes.Status403Forbidden)
            : await next(context));

    internal static string? Refusal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote) ? "This is taken from the host itself only."
        : !IsThisHost(http.Request.Host.Host) ? $"Host is '{http.Request.Host}'; accepted are localhost, an IP address and '{Environment.MachineName}'."
        : http.Request.Headers.Origin is [{ } origin] && origin != $"{http.Request.Scheme}://{http.Request.Host}" ? $"Origin is '{origin}'; accepted is this address itself, or none."
        : http.Request.Headers.Origin.Count > 1 ? "Origin is given several times."
        : null;

    // An address needs no name server, so nobody can point it elsewhere
    private static bool IsThisHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);
}
