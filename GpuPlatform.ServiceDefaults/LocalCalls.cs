using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.ServiceDefaults;

/// <summary>
/// A web page the user happens to visit can send requests to loopback, and by a name of its own that it points there (DNS rebinding) even read the
/// answers. So calls that change something are taken from this host, under a name of this host, from no page of another origin; and what runs on the
/// host is not told over loopback under a stranger's name.
/// </summary>
public static class LocalCalls
{
    public static RouteHandlerBuilder OnlyFromThisHost(this RouteHandlerBuilder route) => route.Refuses(Refusal);

    public static RouteHandlerBuilder UnderNamesOfThisHost(this RouteHandlerBuilder route) => route.Refuses(NameRefusal);

    /// <summary>Why a call that changes something is not taken; null when it is.</summary>
    public static string? Refusal(HttpContext http) =>
        !IsFromThisHost(http.Connection) ? "This is taken from the service's own host only."
        : !IsThisHost(http.Request.Host.Host) ? ForeignName(http)
        : http.Request.Headers.Origin is [{ } origin] && origin != $"{http.Request.Scheme}://{http.Request.Host}" ? $"Origin is '{origin}'; accepted is this address itself, or none."
        : http.Request.Headers.Origin.Count > 1 ? "Origin is given several times."
        : null;

    // Beyond loopback names are given by the network, and whoever is in it can ask by address anyway
    internal static string? NameRefusal(HttpContext http) =>
        http.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local) && !IsThisHost(http.Request.Host.Host) ? ForeignName(http) : null;

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, Func<HttpContext, string?> refusal) => route
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .AddEndpointFilter(async (context, next) => refusal(context.HttpContext) is { } says
            ? TypedResults.Problem(says, statusCode: StatusCodes.Status403Forbidden)
            : await next(context));

    // A host that calls its own address in the network has that address on both ends
    private static bool IsFromThisHost(ConnectionInfo connection) =>
        connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress);

    private static string ForeignName(HttpContext http) =>
        $"Host is '{http.Request.Host}'; accepted are localhost, an IP address and '{Environment.MachineName}'.";

    // An address needs no name server, so nobody can point it elsewhere
    private static bool IsThisHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);
}
