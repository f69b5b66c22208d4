using System.Collections.Concurrent;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// Keeps the words that label metrics few, since clients write them: the first so many are kept for ever, every later one is <see cref="Other"/>.
/// </summary>
internal sealed class LabelWords(int capacity)
{
    public const string Other = "other";
    public const string Unknown = "unknown";

    private readonly ConcurrentDictionary<string, byte> _kept = new();

    /// <summary>The word to label with.</summary>
    /// <param name="word">What a client wrote; null when nothing is known.</param>
    /// <param name="isCredible">Whether a new word may be kept: one that may be invented must not take the place of a true one.</param>
    public string Of(string? word, bool isCredible)
    {
        if (string.IsNullOrEmpty(word)) return Unknown;
        if (_kept.ContainsKey(word)) return word;
        if (!isCredible || _kept.Count >= capacity) return Other;
        _kept.TryAdd(word, 0);
        return word;
    }
}
