namespace GpuPlatform.Collector.Ollama.Models;

internal static class ModelName
{
    /// <summary>Names are alike but for their case, and Ollama adds a tag where a request has none.</summary>
    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    /// <summary>The name with its tag.</summary>
    public static string Whole(string name) => name.AsSpan(name.LastIndexOf('/') + 1).Contains(':') ? name : $"{name}:latest";
}
