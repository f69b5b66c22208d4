using System.Net;
using System.Text.Json;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>vLLM, which can sleep: its weights go to main memory, and it stays a process.</summary>
internal sealed class VllmEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    private const string SleepPath = "/sleep?level=1", WakePath = "/wake_up", IsSleepingPath = "/is_sleeping";
    private const string NoSleep = "this vLLM cannot be told to free the GPU; start it with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1";

    public override async Task<IReadOnlyList<string>?> LookAsync(CancellationToken cancellation) => await SleepsAsync(cancellation) ? [] : await base.LookAsync(cancellation);

    public override async Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation)
    {
        var answer = await Client.PostAsync(SleepPath, default, UnloadPatience, cancellation);
        return answer.Status == HttpStatusCode.NotFound ? NoSleep : ProblemOf(answer);
    }

    public override async Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation)
    {
        var answer = await Client.PostAsync(WakePath, default, WarmPatience, cancellation);
        return answer.Status == HttpStatusCode.NotFound ? NoSleep : ProblemOf(answer);
    }

    private async Task<bool> SleepsAsync(CancellationToken cancellation)
    {
        using var answer = await Client.TryGetJsonAsync(IsSleepingPath, cancellation);
        return answer?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("is_sleeping", out var sleeps) && sleeps.ValueKind == JsonValueKind.True;
    }
}
