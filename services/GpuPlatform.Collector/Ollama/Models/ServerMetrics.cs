using System.Collections.Frozen;
using System.Net;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>The few figures of a model server's own metrics that say how much it has to do.</summary>
internal static class ServerMetrics
{
    private static readonly FrozenSet<string> Running = new[] { "vllm:num_requests_running", "llamacpp:requests_processing", "sglang:num_running_reqs" }.ToFrozenSet();
    private static readonly FrozenSet<string> Waiting = new[] { "vllm:num_requests_waiting", "llamacpp:requests_deferred", "sglang:num_queue_reqs" }.ToFrozenSet();

    // Shares of 1. vLLM's older name is there too in releases that have both
    private static readonly FrozenSet<string> CacheUsed =
        new[] { "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc", "llamacpp:kv_cache_usage_ratio", "sglang:token_usage" }.ToFrozenSet();
    private static readonly FrozenSet<string> All = Running.Concat(Waiting).Concat(CacheUsed).ToFrozenSet();

    /// <summary>The figures of an answer; null when it has none of them.</summary>
    public static ServerLoad? Read(ServerAnswer answer)
    {
        if (answer.Status != HttpStatusCode.OK) return null;
        var values = PrometheusText.Read(answer.Body, All).Where(metric => metric.Value >= 0).ToList();
        if (values.Count == 0) return null;
        var cache = values.Where(metric => CacheUsed.Contains(metric.Name) && metric.Value <= 1).Select(metric => (double?)metric.Value).Max();
        return new ServerLoad(Sum(values, Running), Sum(values, Waiting), cache is { } share ? Math.Round(share * 100, 2) : null);
    }

    // A series for each engine of the server
    private static int? Sum(List<(string Name, double Value)> values, FrozenSet<string> names)
    {
        var found = values.Where(metric => names.Contains(metric.Name)).ToList();
        return found.Count > 0 && found.Sum(metric => metric.Value) is <= int.MaxValue and var sum ? (int)sum : null;
    }
}
