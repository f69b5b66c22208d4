using System.Collections.Frozen;

namespace GpuPlatform.Collector.Ollama;

/// <summary>
/// Which requests may have a model work though their path is none of <see cref="LlmEndpoint"/>: they are passed on unread, but not while the GPU is somebody
/// else's. Servers learn new paths with each release, and one that slips through loads a model into a game; one that is held without need is late. So what
/// is sent to an unknown path counts as work, and those are listed that are known to leave the GPU alone, or to give it back.
/// </summary>
internal static class UnreadWork
{
    // llama-swap starts a model for whoever asks for anything below
    private const string Upstream = "/upstream/";

    private static readonly FrozenSet<string> Harmless = new[]
    {
        // Ollama's store, and its account
        "/api/pull", "/api/push", "/api/create", "/api/copy", "/api/show", "/api/me", "/api/signout", "/api/web_search", "/api/web_fetch",
        // Words without a model
        "/tokenize", "/detokenize", "/apply-template", "/v1/messages/count_tokens", "/v1/responses/input_tokens",
        // What makes models leave, or stop
        "/models/unload", "/api/models/unload", "/api/v1/models/unload", "/unload", "/sleep", "/release_memory_occupation", "/flush_cache", "/reset_prefix_cache",
        "/reset_mm_cache", "/abort_request", "/v1/unload_lora_adapter",
        // Settings and downloads
        "/props", "/start_profile", "/stop_profile", "/api/v1/models/download",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] HarmlessBelow = ["/api/blobs/", "/api/experimental/", "/api/models/unload/"];

    /// <summary>Whether a model may work for the request.</summary>
    public static bool MayBe(ModelServer server, string method, string path) =>
        !server.IsOllama && path.StartsWith(Upstream, StringComparison.Ordinal)
        || (HttpMethods.IsPost(method) && !Harmless.Contains(path) && !IsCancel(path) && !Array.Exists(HarmlessBelow, folder => path.StartsWith(folder, StringComparison.Ordinal)));

    private static bool IsCancel(string path) => path.StartsWith("/v1/responses/", StringComparison.Ordinal) && path.EndsWith("/cancel", StringComparison.Ordinal);
}
