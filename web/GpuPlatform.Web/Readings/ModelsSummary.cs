using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What the model servers do, in words, and the figures of this moment. Silent nodes say nothing of the present.</summary>
internal static class ModelsSummary
{
    private const int RequestsNamed = 2;
    private const int ModelsNamed = 3;

    public static IEnumerable<LlmActivity> Present(IEnumerable<NodeSnapshot> nodes) =>
        nodes.Where(node => node is { Stale: false, Llm: not null }).Select(node => node.Llm!);

    /// <summary>Tokens per second of all requests under way together; null while none has a rate.</summary>
    public static double? TokensPerSecond(IEnumerable<LlmActivity> activities)
    {
        var rates = activities.SelectMany(activity => activity.InFlight).Where(request => request.TokensPerSecond is >= 0 and < double.PositiveInfinity)
            .Select(request => request.TokensPerSecond!.Value).ToList();
        return rates.Count == 0 ? null : rates.Sum();
    }

    /// <summary>Requests under way, those beyond the list included.</summary>
    public static int RunningCount(IEnumerable<LlmActivity> activities) => activities.Sum(activity => Math.Max(activity.InFlightCount, activity.InFlight.Count));

    /// <summary>What they amount to in a few words; who runs elsewhere does not keep this GPU busy, and is told apart.</summary>
    public static string Work(IReadOnlyList<LlmActivity> activities)
    {
        var (count, elsewhere) = (RunningCount(activities), activities.Sum(activity => activity.InFlight.Count(request => request.Remote)));
        if (count == 0) return "idle";
        var requests = (count == 1 ? "1 request" : $"{count} requests") + (elsewhere == 0 ? "" : elsewhere == count ? ", elsewhere" : $", {elsewhere} of them elsewhere");
        return TokensPerSecond(activities) is { } rate ? $"{LlmFigure.PerSecond(rate)}, {requests}" : $"waiting: {requests}";
    }

    public static string Of(IReadOnlyList<NodeSnapshot> nodes, DateTimeOffset now)
    {
        var present = Present(nodes).ToList();
        if (present.Count == 0) return nodes.Count == 0 ? "No node has reported yet, so nothing can be said." : "No collector tells of a model server.";
        return $"{Running(present)} {Resident(present, now)}";
    }

    private static string Running(IReadOnlyList<LlmActivity> present)
    {
        var count = RunningCount(present);
        if (count == 0) return "No request is under way.";
        var named = present.SelectMany(activity => activity.InFlight).OrderByDescending(request => request.TokensPerSecond ?? -1).Take(RequestsNamed)
            .Select(Doing).ToList();
        if (count > named.Count) named.Add(count - named.Count == 1 ? "1 more request is under way" : $"{count - named.Count} more requests are under way");
        return string.Join("; ", named) + ".";
    }

    private static string Doing(LlmRunningRequest request)
    {
        var (model, client) = ((request.Model ?? "A model") + (request.Remote ? " (elsewhere)" : ""), request.Client.Name);
        var rate = request.TokensPerSecond is null ? "" : $" at {LlmFigure.PerSecond(request.TokensPerSecond)}";
        return request.Phase switch
        {
            LlmPhase.Answering => $"{model} answers {client}{rate}",
            LlmPhase.Thinking => $"{model} thinks for {client}{rate}",
            LlmPhase.Held => $"{client} waits for a GPU",
            LlmPhase.Waiting => $"{client} waits for {model}",
            _ => $"{client} sends a request to {model}",
        };
    }

    private static string Resident(IReadOnlyList<LlmActivity> present, DateTimeOffset now)
    {
        var servers = present.SelectMany(activity => activity.Servers).ToList();
        var models = servers.SelectMany(server => server.Resident).OrderByDescending(model => model.VramBytes ?? model.SizeBytes ?? 0).ToList();
        if (models.Count == 0) return servers.Exists(server => server.Reachable) ? "No model is in memory." : "No model server can be reached.";
        var named = models.Take(ModelsNamed).Select(model => model.VramBytes is { } bytes
            ? $"{model.Name} holds {Quantity.Bytes(bytes)} of GPU memory{(model.Stopping || model.ExpiresAt <= now ? " and is about to leave" : "")}"
            : $"{model.Name} is in memory").ToList();
        if (models.Count > named.Count) named.Add(models.Count - named.Count == 1 ? "1 more model is in memory" : $"{models.Count - named.Count} more models are in memory");
        return string.Join("; ", named) + ".";
    }
}
