using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using static GpuPlatform.History.Ingest.MessageRules;

namespace GpuPlatform.History.Ingest;

/// <summary>Bounds what is kept in memory, and sent to every reader of the live feed, of a node's model servers.</summary>
internal static class LlmActivityRules
{
    private const int MostServers = 64;
    private const int MostResident = 1024;
    private const int MostAvailable = 4096;
    private const int MostInFlight = 200;
    private const double MostRate = 1e9;

    public static string? Check(LlmActivity activity) =>
        Each("servers", activity.Servers, MostServers, Server) ?? Each("inFlight", activity.InFlight, MostInFlight, Running)
        ?? Bytes("inFlightCount", activity.InFlightCount);

    private static string? Server(LlmServer server) =>
        Id("servers.name", server.Name, TextLimits.Name) ?? Length("servers.kind", server.Kind, TextLimits.Name)
        ?? Length("servers.address", server.Address, TextLimits.Path)
        ?? Id("servers.upstream", server.Upstream, TextLimits.Path) ?? Length("servers.problem", server.Problem, TextLimits.Reason)
        ?? Length("servers.version", server.Version, TextLimits.Name) ?? Each("servers.resident", server.Resident, MostResident, Resident)
        ?? (server.Available is null ? null : Each("servers.available", server.Available, MostAvailable, Available))
        ?? Bytes("servers.requestsRunning", server.RequestsRunning) ?? Bytes("servers.requestsWaiting", server.RequestsWaiting)
        ?? Percent("servers.cacheUsedPercent", server.CacheUsedPercent);

    private static string? Resident(ResidentModel model) =>
        Id("servers.resident.name", model.Name, TextLimits.Model) ?? Bytes("servers.resident.sizeBytes", model.SizeBytes)
        ?? Bytes("servers.resident.vramBytes", model.VramBytes) ?? Bytes("servers.resident.contextLength", model.ContextLength)
        ?? Words("servers.resident", model.Family, model.ParameterSize, model.Quantization) ?? LlmRules.Ms("servers.resident.loadMs", model.LoadMs);

    private static string? Available(AvailableModel model) =>
        Id("servers.available.name", model.Name, TextLimits.Model) ?? Bytes("servers.available.sizeBytes", model.SizeBytes)
        ?? Words("servers.available", model.Family, model.ParameterSize, model.Quantization);

    private static string? Words(string field, string? family, string? parameterSize, string? quantization) =>
        Length($"{field}.family", family, TextLimits.Name) ?? Length($"{field}.parameterSize", parameterSize, TextLimits.Name)
        ?? Length($"{field}.quantization", quantization, TextLimits.Name);

    private static string? Running(LlmRunningRequest request) =>
        (request.RequestId == Guid.Empty ? "empty:inFlight.requestId" : null) ?? LlmRules.Ms("inFlight.ageMs", request.AgeMs)
        ?? Id("inFlight.server", request.Server, TextLimits.Name) ?? Id("inFlight.endpoint", request.Endpoint, TextLimits.Name)
        ?? Length("inFlight.model", request.Model, TextLimits.Model)
        ?? (request.Client is { } client ? LlmRules.Client(client) : "missing:inFlight.client")
        ?? (Enum.IsDefined(request.Phase) ? null : "unknown:inFlight.phase") ?? Bytes("inFlight.tokens", request.Tokens)
        ?? Range("inFlight.tokensPerSecond", request.TokensPerSecond, 0, MostRate)
        ?? LlmRules.Ms("inFlight.timeToFirstTokenMs", request.TimeToFirstTokenMs);

    private static string? Each<T>(string field, IReadOnlyList<T>? entries, int most, Func<T, string?> check) where T : class
    {
        if (entries is null)
            return $"missing:{field}";
        if (entries.Count > most)
            return $"too-many:{field}";
        foreach (var entry in entries)
            if ((entry is null ? $"missing:{field}" : check(entry)) is { } problem)
                return problem;
        return null;
    }
}
