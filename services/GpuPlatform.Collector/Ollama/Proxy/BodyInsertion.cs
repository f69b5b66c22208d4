namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Bytes that are put into a request's body, and where. No other byte changes.</summary>
/// <param name="At">Offset in the body.</param>
/// <param name="ReplacedBytes">Bytes there that they take the place of.</param>
/// <param name="Text">The bytes.</param>
internal readonly record struct BodyInsertion(int At, int ReplacedBytes, ReadOnlyMemory<byte> Text)
{
    public int AddedBytes => Text.Length - ReplacedBytes;

    /// <summary>The body with the bytes in it, in pieces.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Into(ReadOnlyMemory<byte> body) => [body[..At], Text, body[(At + ReplacedBytes)..]];
}
