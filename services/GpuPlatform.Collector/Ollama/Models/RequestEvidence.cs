namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>What an ended request told of its model's place in memory. Instants are those of <see cref="MonotonicTime"/>.</summary>
/// <param name="Model">Whole name.</param>
/// <param name="ContextLength">Context it asked for; null for the default.</param>
/// <param name="From">When it was with the server.</param>
/// <param name="Load">How long it waited for the model, by the server's own clock; null when the server did not say.</param>
/// <param name="Unloads">True when it was there to unload the model.</param>
internal readonly record struct RequestEvidence(string Model, int? ContextLength, TimeSpan From, TimeSpan? Load, bool Unloads);

/// <summary>Instants that only run forward: what lies between two of them is true though the clock on the wall was set.</summary>
internal static class MonotonicTime
{
    public static TimeSpan Monotonic(this TimeProvider time) => time.GetElapsedTime(0);

    public static TimeSpan Monotonic(this TimeProvider time, long timestamp) => time.GetElapsedTime(0, timestamp);
}
