using System.Text;
using GpuPlatform.Collector.Ollama.Requests.Capture;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Capture;

public sealed class CapturedBodyTests
{
    private static readonly string Image = Convert.ToBase64String([.. Enumerable.Range(0, 30_000).Select(i => (byte)(i * 31))]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Text_is_kept_as_it_was_however_it_was_cut(int piece)
    {
        const string Text = """{"prompt":"Grüße, 世界 😀 \"a\\b\" c\/d","n":[1,2]}""";
        var body = Filled(Encoding.UTF8.GetBytes(Text), piece, limit: 1000);
        Assert.Equal((Text, false), (body.ToText(), body.IsCut));
        Assert.Equal(Text, body.ToText());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4096)]
    [InlineData(true, 1)]
    [InlineData(true, 4096)]
    public void An_image_is_named_and_what_stands_behind_it_still_has_room(bool escapesSlashes, int piece)
    {
        var image = escapesSlashes ? Image.Replace("/", "\\/", StringComparison.Ordinal) : Image;
        var body = Filled(Encoding.UTF8.GetBytes($$"""{"images":["{{image}}"],"prompt":"what is this?"}"""), piece, limit: 1000);
        var text = body.ToText()!;
        Assert.True(body.IsCut);
        Assert.EndsWith($$"""…[{{Image.Length + (escapesSlashes ? image.Length - Image.Length : 0)}} characters]"],"prompt":"what is this?"}""", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 400);
    }

    [Fact]
    public void An_image_without_end_is_not_kept_either()
    {
        var body = Filled(Encoding.UTF8.GetBytes(Image), 1000, limit: 1 << 20);
        Assert.EndsWith($"…[{Image.Length} characters]", body.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_than_the_limit_is_kept_and_no_half_character()
    {
        var body = Filled(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("世 ", 1000))), 100, limit: 10);
        Assert.Equal(("世 世 ", true), (body.ToText(), body.IsCut));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_tolerated()
    {
        var body = Filled([(byte)'a', 0xFF, 0x00, 0xC3, (byte)'b'], 2, limit: 100);
        Assert.Equal("a\uFFFD\uFFFD\uFFFDb", body.ToText());
        Assert.Null(new CapturedBody(10).ToText());
    }

    [Fact]
    public void Credentials_in_headers_are_removed_and_the_rest_is_told()
    {
        var headers = new HeaderDictionary
        {
            ["Authorization"] = "Bearer hunter2hunter2", ["Cookie"] = "sid=hunter2", ["x-api-key"] = "hunter2", ["X-Auth-Token"] = "hunter2", ["api-key"] = "hunter2",
            ["X-Custom"] = "token=hunter2hunter2", ["Referer"] = "http://me:hunter2@h/", ["X-Other"] = "Bearer hunter2hunter2", ["User-Agent"] = "curl/8\u0007",
        };
        var content = new ContentCapture(headers, limit: 10).ToContent();
        Assert.DoesNotContain(content.RequestHeaders!.Values, value => value.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal(("curl/8", headers.Count, false), (content.RequestHeaders["User-Agent"], content.RequestHeaders.Count, content.Truncated));
    }

    private static CapturedBody Filled(byte[] bytes, int piece, int limit)
    {
        var body = new CapturedBody(limit);
        foreach (var part in bytes.Chunk(piece)) body.Add(part);
        return body;
    }
}
