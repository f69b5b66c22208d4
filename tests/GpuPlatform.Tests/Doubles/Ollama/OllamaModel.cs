using System.Security.Cryptography;
using System.Text;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>A model that the double has on disk.</summary>
internal sealed record OllamaModel(string Name)
{
    public ReplyScript Reply { get; init; } = new();

    /// <summary>How long it takes to get into memory.</summary>
    public TimeSpan Load { get; init; }

    public long SizeBytes { get; init; } = 2_019_393_189;

    /// <summary>Bytes it takes in memory.</summary>
    public long ResidentBytes { get; init; } = 3_000_000_000;

    /// <summary>The part of <see cref="ResidentBytes"/> on the GPU.</summary>
    public long VramBytes { get; init; } = 2_800_000_000;

    public string Family { get; init; } = "llama";

    public string ParameterSize { get; init; } = "3.2B";

    public string Quantization { get; init; } = "Q4_K_M";

    public int ContextLength { get; init; } = 4096;

    public int EmbeddingLength { get; init; } = 8;

    public IReadOnlyList<string> Capabilities { get; init; } = ["completion"];

    /// <summary>Name at the host that runs it; null when it runs here.</summary>
    public string? RemoteModel { get; init; }

    public string? RemoteHost => RemoteModel is null ? null : "https://ollama.com:443";

    public DateTimeOffset ModifiedAt { get; init; } = new(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)));

    /// <summary>The name with its tag.</summary>
    public static string Full(string name) => name.Contains(':', StringComparison.Ordinal) ? name : name + ":latest";
}
