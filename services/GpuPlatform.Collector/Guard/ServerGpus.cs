using GpuPlatform.Collector.Ollama;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Which GPUs a model server may use: those on which its processes are; else those its settings name; else, when it runs on this host, any. Nobody can tell
/// before where a server puts its next model.
/// </summary>
internal static class ServerGpus
{
    /// <summary>UUIDs of this host's GPUs.</summary>
    /// <param name="server">The server.</param>
    /// <param name="gpus">All GPUs of the host.</param>
    /// <param name="isSeenOn">Whether a process of the server is on a GPU.</param>
    /// <param name="isHere">Whether it runs on this host.</param>
    public static IReadOnlyList<string> Of(ModelServer server, IReadOnlyList<string> gpus, Func<string, bool> isSeenOn, bool isHere)
    {
        var seen = gpus.Where(isSeenOn).ToList();
        return seen.Count > 0 ? seen
            : server.Gpus is { } named ? [.. gpus.Where(gpu => named.Contains(gpu, StringComparer.OrdinalIgnoreCase))]
            : isHere ? gpus
            : [];
    }
}
