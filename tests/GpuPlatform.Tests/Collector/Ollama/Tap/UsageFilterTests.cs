using System.Text;
using FsCheck;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Tap;

public sealed class UsageFilterTests
{
    private const string Head = """{"id":"chatcmpl-12","object":"chat.completion.chunk","model":"llama3.2","system_fingerprint":"fp_ollama","created":1755000000""";
    private const string Piece = Head + ""","choices":[{"index":0,"delta":{"role":"assistant","content":"grüß \"usage\":null, "},"finish_reason":null}]""";
    private const string Finish = Head + ""","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]""";
    private const string Usage = Head + ""","choices":[],"usage":{"prompt_tokens":26,"completion_tokens":298,"total_tokens":324}}""";
    private const string Zero = """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":null}}""";

    /// <summary>What comes with usage asked for, and what would have come without.</summary>
    public static TheoryData<string, string> Streams => new()
    {
        { Events(Piece + "}", Finish + "}", Usage, "[DONE]"), Events(Piece + "}", Finish + "}", "[DONE]") },
        { Events(Piece + ""","usage":null}""", Finish + ""","usage":null}""", Usage, "[DONE]"), Events(Piece + "}", Finish + "}", "[DONE]") },
        { Events(Piece + ""","usage":""" + Zero + "}", Usage, "[DONE]"), Events(Piece + "}", "[DONE]") },
        { Events("""{"usage": null , "id":1,"choices":[{}]}""", """{"id":2, "usage" : null, "choices":[{}]}""", """{"usage":null}"""),
            Events("""{"id":1,"choices":[{}]}""", """{"id":2, "choices":[{}]}""", "{}") },
        { $": ping\n\n: with\nevent: chunk\ndata: {Usage}\nid: 3\n\ndata:{Usage}\n\n", ": ping\n\n: with\nevent: chunk\nid: 3\n\n" },
        { Events(Piece + "}") + $"data: {Usage}\n", Events(Piece + "}") },
    };

    /// <summary>Streams of which nothing is to change.</summary>
    public static TheoryData<string> Untouched =>
    [
        "",
        "data: [DONE]\n\n",
        Events(Piece + "}", Finish + ""","usage":{"prompt_tokens":26,"completion_tokens":298}}""", "[DONE]"),
        Events("""{"choices":[],"prompt_filter_results":[]}""", """{"choices":[{"message":{"usage":null}}]}"""),
        Events("""{"choices":[],"usage":""", """{"choices":[],"usage":{}} x""", """["usage"]""", "\"usage\"", "{\"choices\":[],\"usage\":{}}}"),
        "data: {\"choices\":[],\ndata: \"usage\":{}}\n\n",
        "\n\n\n: \"usage\"\n\ndata\n\ndata:\n\nfield without end \"usage\"",
        "{\"error\":\"usage\"}",
        Events("""{"choices":[{}],"usage":[]}""", """{"choices":[{}],"usage":{"a":[1]}}""", """{"choices":[{}],"usage":"0"}"""),
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_client_gets_what_it_would_have_got_without_usage_however_the_stream_is_split(string with, string without)
    {
        foreach (var end in (string[])["\n", "\r\n", "\r"])
        {
            var (bytes, expected) = (Encoding.UTF8.GetBytes(with.Replace("\n", end, StringComparison.Ordinal)), without.Replace("\n", end, StringComparison.Ordinal));
            foreach (var reads in Splits.Of(bytes)) Assert.Equal(expected, Encoding.UTF8.GetString(Filtered(reads)));
        }
    }

    [Theory]
    [MemberData(nameof(Untouched))]
    public void Everything_else_passes_byte_for_byte(string stream)
    {
        foreach (var end in (string[])["\n", "\r\n", "\r"])
        {
            var bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", end, StringComparison.Ordinal));
            foreach (var reads in Splits.Of(bytes)) Assert.Equal(bytes, Filtered(reads));
        }
    }

    [Fact]
    public void A_reply_of_another_kind_passes_byte_for_byte()
    {
        foreach (var example in (IEnumerable<ReplyExample>)[.. OllamaExamples.All, .. AnthropicExamples.All, .. OpenAIExamples.All.Where(one => one.Path is "/v1/responses" or "/v1/embeddings")])
        {
            foreach (var reads in Splits.Of(example.Bytes)) Assert.Equal(example.Bytes, Filtered(reads));
        }
    }

    [Fact]
    public void A_whole_event_is_never_held_back()
    {
        using var filter = new UsageFilter();
        foreach (var end in (string[])["\n\n", "\r\n\r\n", "\r\r"])
        {
            var one = Encoding.UTF8.GetBytes($"data: {Piece}}}{end}");
            Assert.Equal(one, filter.Filter(one).ToArray());
            Assert.Equal(one, filter.Filter((byte[])[.. one, .. "data: {"u8]).ToArray());
            Assert.Equal([.. "data: {"u8, .. one], filter.Filter(one).ToArray());
        }
    }

    [Fact]
    public void An_event_too_long_to_look_at_passes_as_it_comes()
    {
        using var filter = new UsageFilter();
        var part = new byte[16 << 10];
        part.AsSpan().Fill((byte)'x');
        var seen = filter.Filter("data: "u8.ToArray()).Length;
        var parts = 2 * UsageFilter.MaxEventBytes / part.Length;
        for (var i = 0; i < parts; i++)
        {
            seen += filter.Filter(part).Length;
            Assert.InRange(6 + (i + 1) * part.Length - seen, 0, UsageFilter.MaxEventBytes);
        }
        Assert.Equal(6 + parts * part.Length, seen);
        var end = Encoding.UTF8.GetBytes($"\n\ndata: {Usage}\n\ndata: [DONE]\n\n");
        Assert.Equal("\n\ndata: [DONE]\n\n", Encoding.UTF8.GetString(filter.Filter(end).Span));
    }

    [Fact]
    public void No_garbage_is_changed_or_lost() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("data: ", "\n", "\r", "\r\n", "\n\n", ": x", "{", "}", "\"usage\"", ":", "null", "\0", "é", "[DONE]", ",")).ToArbitrary(),
        Arb.From<int>(),
        (parts, seed) =>
        {
            // Without a member called choices nothing is the usage event, and a document that lacks its end has no member to cut
            var bytes = Encoding.UTF8.GetBytes("data: {" + string.Concat(parts).Replace("}", "", StringComparison.Ordinal));
            return Filtered(Splits.AtRandom(bytes, seed)).AsSpan().SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_read_allocates_nothing()
    {
        using var filter = new UsageFilter();
        var stream = Encoding.UTF8.GetBytes(Events(Piece + ""","usage":null}""", Usage));
        var reads = Splits.Into(stream, 100).Select(read => (ReadOnlyMemory<byte>)read).ToArray();
        for (var i = 0; i < 100; i++) FilterAll(filter, reads);
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 1000; i++) FilterAll(filter, reads);
        }));
    }

    private static void FilterAll(UsageFilter filter, ReadOnlyMemory<byte>[] reads)
    {
        foreach (var read in reads) filter.Filter(read);
    }

    private static byte[] Filtered(IEnumerable<byte[]> reads)
    {
        using var filter = new UsageFilter();
        var output = new MemoryStream();
        foreach (var read in reads) output.Write(filter.Filter(read).Span);
        output.Write(filter.Finish().Span);
        return output.ToArray();
    }

    private static string Events(params string[] data) => string.Concat(data.Select(one => $"data: {one}\n\n"));
}
