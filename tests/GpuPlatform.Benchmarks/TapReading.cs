using System.Text;
using System.Text.Json;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Tap;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// Reading a reply while it passes, against a parse of every line, which allocates and needs whole lines, and against copying the bytes, which is the least
/// that anything costs that looks at all of them.
/// </summary>
internal static class TapReading
{
    private const int ChunkCount = 400;

    public static async Task RunAsync()
    {
        var lines = Enumerable.Range(0, ChunkCount).Select(i => Encoding.UTF8.GetBytes(
            $$$"""{"model":"llama3.2:3b","created_at":"2026-08-21T10:00:00.{{{123456000 + i}}}Z","message":{"role":"assistant","content":" word{{{i}}}"},"done":false}""" + "\n")).ToArray();
        var events = Enumerable.Range(0, ChunkCount).Select(i => Encoding.UTF8.GetBytes(
            """data: {"id":"chatcmpl-612","object":"chat.completion.chunk","created":1755770400,"model":"llama3.2:3b","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":" """
            + $$"""word{{i}}"},"finish_reason":null}]}""" + "\n\n")).ToArray();
        var burst = lines.SelectMany(line => line).ToArray();
        var longLine = Encoding.UTF8.GetBytes($$$"""{"model":"llama3.2:3b","response":"{{{string.Concat(Enumerable.Repeat("lorem \\n ", 1 << 17))}}}","done":false}""" + "\n");

        await CompareAsync($"A line of {lines[0].Length} bytes in each read", "/api/chat", lines, ChunkCount, 0);
        await CompareAsync($"An event of {events[0].Length} bytes in each read", "/v1/chat/completions", events, ChunkCount, "data: ".Length);
        await CompareAsync($"{ChunkCount} lines, {burst.Length} bytes, in one read", "/api/chat", [burst], ChunkCount, 0, lines);
        await CompareAsync($"A line of {longLine.Length} bytes in reads of 16 KB", "/api/generate", [.. longLine.Chunk(16 << 10)], 1, 0, [longLine]);

        await FilterAsync(events);
    }

    private static async Task FilterAsync(byte[][] events)
    {
        using var filter = new UsageFilter();
        var passed = true;
        var target = new byte[4096];
        await Comparison.RunAsync("Taking out what was asked for besides", "event", ChunkCount,
            new Contender("UsageFilter", () =>
            {
                foreach (var one in events) passed &= filter.Filter(one).Length == one.Length;
            }),
            new Contender("copying the bytes", () => Copy(events, target)));
        if (!passed) throw new InvalidOperationException("An event did not pass the filter.");
    }

    private static async Task CompareAsync(string title, string path, byte[][] reads, int documents, int prefix, byte[][]? lines = null)
    {
        var reader = new ReplyReader(LlmEndpoint.Find("POST", path)!, streams: true);
        var target = new byte[reads.Max(read => read.Length)];
        var now = 0L;
        await Comparison.RunAsync(title, documents == 1 ? "line" : "piece", documents,
            new Contender("ReplyReader", () =>
            {
                foreach (var read in reads) reader.Read(read, now += 5_000_000);
            }),
            new Contender("JsonDocument.Parse of each", () =>
            {
                foreach (var line in lines ?? reads) JsonDocument.Parse(line.AsMemory(prefix)).Dispose();
            }),
            new Contender("copying the bytes", () => Copy(reads, target)));
        if (reader.Facts is { Unparsed: true } or { TokenPieceCount: 0 } || reader.Facts.TokenPieceCount % documents != 0)
            throw new InvalidOperationException($"{title}: {reader.Facts.TokenPieceCount} pieces were read, not all of them.");
    }

    private static void Copy(byte[][] reads, byte[] target)
    {
        foreach (var read in reads) read.CopyTo(target, 0);
    }
}
