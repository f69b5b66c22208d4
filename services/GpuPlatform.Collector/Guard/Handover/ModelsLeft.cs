using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>What is left of models on a GPU, by what their servers say and by what the driver says.</summary>
/// <param name="Gone">True: nothing; null: not known.</param>
/// <param name="Words">What it is.</param>
internal readonly record struct ModelsLeft(bool? Gone, string? Words)
{
    // As Ollama itself judges whether a runner has left: a driver's rest of a context may stay with a server that sleeps
    private const int ShareThatMayStay = 4;

    public static ModelsLeft On(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, IReadOnlyList<LlmServer> known)
    {
        bool? gone = true;
        var words = new List<string>();
        foreach (var server in servers)
        {
            var left = Of(gpu, server, known.FirstOrDefault(one => one.Name == server.Server.Name));
            if (left.Words is not null) words.Add(left.Words);
            gone = gone == false || left.Gone == false ? false : left.Gone is null ? null : gone;
        }
        return new ModelsLeft(gone, words.Count == 0 ? null : string.Join("; ", words));
    }

    private static ModelsLeft Of(GuardedGpu gpu, ServerModels server, LlmServer? known)
    {
        var name = server.Server.Name;
        var held = HeldBytes(gpu, name);
        if (server.Look is not { } look || look.BeganAt < gpu.UnloadAskedAt) return new(null, null);
        if (look.Look.Resident is not { } resident)
            // A server that is not there has no model; one that is there and does not say may have
            return held is > 0 ? new(false, Holding(name, held)) : known is { Reachable: true } ? new(null, $"{name}: {look.Look.Problem ?? "it does not say"}") : new(true, null);
        return resident.Count > 0 ? new(false, $"{name} has {string.Join(", ", resident)}")
            : held is > 0 ? new(false, Holding(name, held))
            : new(true, null);
    }

    // Null and 0: nothing that counts
    private static long? HeldBytes(GuardedGpu gpu, string server)
    {
        if (!gpu.Own.Contains(server)) return null;
        var bytes = gpu.Own[server].Sum(process => process.MemoryBytes ?? 0);
        return bytes > gpu.RunnerBytesBefore.GetValueOrDefault(server) / ShareThatMayStay ? bytes : 0;
    }

    private static string Holding(string server, long? bytes) => $"the processes of {server} still hold {bytes / (double)(1L << 30):0.0} GiB";
}
