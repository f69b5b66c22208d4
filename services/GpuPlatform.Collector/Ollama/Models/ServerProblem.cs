namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Why a model server could not be asked, in words for a person.</summary>
internal sealed class ServerProblem(string words, Exception? cause = null) : Exception(words, cause)
{
    /// <summary>True when it answered, though not what it should.</summary>
    public bool Answered { get; init; }
}
