namespace GpuPlatform.Tests.Collector.Ollama.Tap;

/// <summary>Ways in which the bytes of a stream can arrive.</summary>
internal static class Splits
{
    /// <summary>In one read, byte by byte, and in two reads split at every position.</summary>
    public static IEnumerable<IEnumerable<byte[]>> Of(byte[] stream) =>
        Enumerable.Range(1, Math.Max(stream.Length - 1, 0)).Select(at => (IEnumerable<byte[]>)[stream[..at], stream[at..]])
            .Prepend(Into(stream, 1))
            .Prepend([stream]);

    public static IEnumerable<byte[]> Into(byte[] stream, int length) => stream.Chunk(length);

    /// <summary>In reads of random lengths, empty ones among them.</summary>
    public static IEnumerable<byte[]> AtRandom(byte[] stream, int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(random.Next(0, 40), stream.Length - at);
            yield return stream[at..(at + length)];
            at += length;
        }
    }
}
