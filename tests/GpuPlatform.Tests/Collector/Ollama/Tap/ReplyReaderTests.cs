using System.Text;
using FsCheck;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Tap;

public sealed class ReplyReaderTests
{
    private static readonly IReadOnlyList<ReplyExample> Examples = [.. OllamaExamples.All, .. OpenAIExamples.All, .. AnthropicExamples.All];

    private static ReadOnlySpan<byte> Harm => "\"\\{}[]:, \n\r-19eanu\0\u00FFx"u8;

    public static TheoryData<string> WholeNames => [.. Examples.Where(example => example.Told.Complete).Select(example => example.Name)];

    public static TheoryData<string> Names => [.. Examples.Select(example => example.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reply_tells_the_same_however_it_is_split(string name)
    {
        var example = Examples.Single(one => one.Name == name);
        foreach (var reads in Splits.Of(example.Bytes)) Assert.Equal(example.Told, Told.Of(example.Read(reads)));
    }

    [Fact]
    public void Every_endpoint_has_an_example() =>
        Assert.Equal(LlmEndpoint.All.Select(endpoint => endpoint.Path).Order(), Examples.Select(example => example.Path).Distinct().Order());

    [Theory]
    [MemberData(nameof(WholeNames))]
    public void A_stream_is_whole_only_at_its_mark(string name)
    {
        var example = Examples.Single(one => one.Name == name);
        var bytes = example.Bytes;
        // The last byte that is no line end, brace or bracket at the latest
        var shorter = bytes.AsSpan().TrimEnd("\r\n}]"u8)[..^1].ToArray();
        Assert.False(example.Read([shorter]).IsComplete);
    }

    [Fact]
    public void Garbage_is_read_without_harm() => Prop.ForAll(Arb.From<byte[]>(), Gen.Elements(LlmEndpoint.All.ToArray()).ToArbitrary(), Arb.From<bool>(), (bytes, endpoint, streams) =>
    {
        var reader = new ReplyReader(endpoint, streams);
        reader.Read(bytes, 1);
        reader.End();
        return !reader.Facts.IsComplete && reader.Failure is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reply_with_bytes_changed_is_read_without_harm_and_alike_however_it_is_split() => Prop.ForAll(
        Gen.Elements(Examples.ToArray()).ToArbitrary(), Gen.ArrayOf(5, Gen.Two(Gen.Choose(0, int.MaxValue))).ToArbitrary(), Arb.From<int>(), (example, changes, seed) =>
        {
            var bytes = example.Bytes;
            foreach (var (at, change) in changes) bytes[at % bytes.Length] = Harm[change % Harm.Length];
            var cut = bytes[..(1 + (changes[0].Item1 ^ seed & int.MaxValue) % bytes.Length)];
            return Told.Of(example.Read([cut])) == Told.Of(example.Read(Splits.AtRandom(cut, seed))) && Told.Of(example.Read([bytes])) == Told.Of(example.Read(Splits.Into(bytes, 1)));
        }).Check(new Configuration { MaxNbOfTest = 2000, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner });

    [Theory]
    [InlineData("/api/generate", true, "{\"response\":\"", "x😀\\n\\\"", "\",\"done\":false}\n{\"done\":true,\"eval_count\":7}\n")]
    [InlineData("/api/generate", true, "{\"done\":true,\"context\":[1", ",128000", "],\"eval_count\":7}\n")]
    [InlineData("/api/generate", true, "{\"done\":true,\"x\":{\"a\":[", "{\"b\":[\"]\\\\\"]},", "0]},\"eval_count\":7}")]
    [InlineData("/v1/chat/completions", true, "data: {\"choices\":[{\"delta\":{\"content\":\"", "grüß", "\"}}],\"usage\":{\"completion_tokens\":7}}\n\ndata: [DONE]\n\n")]
    [InlineData("/v1/responses", false, "{\"output\":[{\"content\":\"", "{\\\"", "\"}],\"usage\":{\"output_tokens\":7}}")]
    [InlineData("/v1/messages", false, "{\"content\":[", "{\"text\":\"[\"},", "{}],\"usage\":{\"output_tokens\":7}}")]
    public void A_document_of_megabytes_is_read_to_its_end_and_not_kept(string path, bool streams, string start, string middle, string end)
    {
        var body = Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(middle, (2 << 20) / middle.Length)) + end);
        ReplyReader reader;
        long allocated;
        // Each with a reader of its own: what another test's collection leaves does not come every time
        var tries = 0;
        do
        {
            reader = new ReplyReader(LlmEndpoint.Find("POST", path)!, streams);
            reader.Read(body.AsSpan(0, 5000), 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 5000; at < body.Length; at += 4093) reader.Read(body.AsSpan(at, Math.Min(4093, body.Length - at)), 1);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        while (allocated > 4096 && ++tries < 5);
        Assert.InRange(allocated, 0, 4096);
        reader.End();
        Assert.Equal((7, true, false), (reader.Facts.CompletionTokens, reader.Facts.IsComplete, reader.Facts.Unparsed));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_read_of_pieces_allocates_nothing(string name)
    {
        var example = Examples.Single(one => one.Name == name);
        // What an error says is text, once; a stream that is over is not read again
        if (example.Told.Error is not null || !example.Streams) return;
        foreach (var length in (int[])[150, 7, 1])
        {
            var reader = new ReplyReader(example.Endpoint, streams: true);
            var reads = Splits.Into(Encoding.UTF8.GetBytes(example.Body + "\n\n"), length).ToArray();
            Repeat(reader, reads, 20);
            Assert.Equal(0, Allocated.Bytes(() => Repeat(reader, reads, 1000)));
        }
    }

    [Theory]
    [InlineData("{\"error\":\"%\"}", 512)]
    [InlineData("{\"error\":{\"message\":\"%\"}}", 512)]
    public void An_error_is_cut(string body, int length)
    {
        var reader = new ReplyReader(LlmEndpoint.Find("POST", "/v1/messages")!, streams: false);
        reader.Read(Encoding.UTF8.GetBytes(body.Replace("%", "a" + string.Concat(Enumerable.Repeat("😀", 5000)), StringComparison.Ordinal)), 1);
        Assert.Equal(length - 1, reader.Facts.Error!.Length);
        Assert.EndsWith("😀", reader.Facts.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_number_is_not_told()
    {
        var reader = new ReplyReader(LlmEndpoint.Find("POST", "/api/chat")!, streams: true);
        reader.Read("""{"eval_count":-1,"prompt_eval_count":1e300,"total_duration":99999999999999999999999,"load_duration":1e15,"eval_duration":7e-5,"done":true}"""u8, 1);
        Assert.Equal(new Told { LoadMs = 1e9, DecodeMs = 0, Complete = true }, Told.Of(reader.Facts));
    }

    private static void Repeat(ReplyReader reader, byte[][] reads, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var read in reads) reader.Read(read, 1_000_000 + i);
        }
    }
}
