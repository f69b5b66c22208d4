using System.Text;
using System.Text.Json;
using FsCheck;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class RequestReadingTests
{
    private const string Inserted = "\"stream_options\":{\"include_usage\":true},";

    private static readonly LlmEndpoint Chat = Endpoint("/v1/chat/completions");

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"m","stream":true}""")]
    [InlineData(""" { "stream" : true , "model":"m" } """, """ {"stream_options":{"include_usage":true}, "stream" : true , "model":"m" } """)]
    [InlineData("""{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{ "a":1},"stream":true}""", """{"stream_options":{"include_usage":true, "a":1},"stream":true}""")]
    [InlineData("""{"stream_options":null,"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{"stream":false,"stream":true}""", """{"stream_options":{"include_usage":true},"stream":false,"stream":true}""")]
    [InlineData("""{"\u0073tream":true}""", """{"stream_options":{"include_usage":true},"\u0073tream":true}""")]
    [InlineData("""{"messages":[{"content":"\"stream_options\":{\"include_usage\":true}"}],"stream":true}""",
        """{"stream_options":{"include_usage":true},"messages":[{"content":"\"stream_options\":{\"include_usage\":true}"}],"stream":true}""")]
    [InlineData("""{"nested":{"stream_options":{"include_usage":true}},"stream":true}""", """{"stream_options":{"include_usage":true},"nested":{"stream_options":{"include_usage":true}},"stream":true}""")]
    public void A_stream_without_usage_is_made_to_have_it(string body, string expected) => Assert.Equal(expected, Injected(body));

    [Theory]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"stream":false}""")]
    [InlineData("""{"stream":true,"stream":false}""")]
    [InlineData("""{"stream":"true"}""")]
    [InlineData("""{"stream":1}""")]
    [InlineData("""{"prompt":"say \"stream\":true"}""")]
    [InlineData("""{"nested":{"stream":true}}""")]
    [InlineData("""[{"stream":true}]""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":false}}""")]
    [InlineData("""{"stream":true,"stream_options":{"x":{"y":[1]},"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":"x"}""")]
    [InlineData("""{"stream":true,"stream_options":[]}""")]
    [InlineData("""{"stream":true,"stream_options":{},"stream_options":{}}""")]
    [InlineData("""{"stream":true""")]
    [InlineData("""{"stream":true}}""")]
    [InlineData("""{"stream":true} {}""")]
    [InlineData("""{"stream":true,}""")]
    [InlineData("\uFEFF{\"stream\":true}")]
    [InlineData("{\"stream\":true,\"a\":\"\u0001\"}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("garbage")]
    public void Anything_else_stays_as_it_is(string body) => Assert.Equal(body, Injected(body));

    [Fact]
    public void Only_the_endpoints_that_know_the_option_get_it() =>
        Assert.All(LlmEndpoint.All, endpoint =>
        {
            RequestReading.Of("""{"stream":true}"""u8, endpoint, isWhole: true, out var insertion);
            Assert.Equal(endpoint.Path is "/v1/chat/completions" or "/v1/completions", insertion is not null);
        });

    [Fact]
    public void Of_any_object_the_rest_stays_byte_for_byte_and_the_whole_is_JSON() =>
        Prop.ForAll(Arb.From(Objects()), text =>
        {
            var changed = Injected(text);
            if (changed == text) return true;
            using var before = JsonDocument.Parse(text);
            using var after = JsonDocument.Parse(changed);
            var options = after.RootElement.GetProperty("stream_options");
            var others = before.RootElement.EnumerateObject().Where(member => member.Name != "stream_options").Select(member => member.ToString());
            return options.GetProperty("include_usage").GetBoolean()
                && others.SequenceEqual(after.RootElement.EnumerateObject().Where(member => member.Name != "stream_options").Select(member => member.ToString()))
                && IsInsertion(text, changed);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("/api/chat", """{"model":"m","messages":[]}""", true)]
    [InlineData("/api/chat", """{"model":"m"}""", true)]
    [InlineData("/api/chat", """{"model":"m","messages":[{}]}""", false)]
    [InlineData("/api/generate", """{"model":"m","keep_alive":0}""", true)]
    [InlineData("/api/generate", """{"model":"m","prompt":""}""", true)]
    [InlineData("/api/generate", """{"model":"m","prompt":"x","keep_alive":0}""", false)]
    [InlineData("/api/generate", """{"model":"m","prompt":"x""", false)]
    [InlineData("/api/generate", """{"model":"m",""", false)]
    [InlineData("/api/embed", """{"model":"m"}""", false)]
    [InlineData("/v1/completions", """{"model":"m"}""", false)]
    public void A_request_without_a_question_only_loads(string path, string body, bool expected) =>
        Assert.Equal(expected, RequestReading.Of(Encoding.UTF8.GetBytes(body), Endpoint(path), isWhole: true, out _).LoadOnly);

    [Theory]
    [InlineData("""{"messages":[[1,{"model":"no"}]],"options":{"a":{"num_ctx":1},"num_ctx":4096},"stream":false,"model":"llama3:8b"}""", "llama3:8b", 4096)]
    [InlineData("""{"model":"a","model":"b","options":{"num_ctx":"x"}}""", "b", null)]
    [InlineData("""{"model":5,"options":[1]}""", null, null)]
    [InlineData("""{"model":"caf\u00e9","options":{"num_ctx":1e99}}""", "café", null)]
    [InlineData("""{"model":"\ud800"}""", null, null)]
    public void What_is_asked_for_is_found_wherever_it_stands(string body, string? model, int? context)
    {
        var facts = RequestReading.Of(Encoding.UTF8.GetBytes(body), Endpoint("/api/chat"), isWhole: true, out _);
        Assert.Equal((model, context), (facts.Model, facts.ContextLength));
    }

    [Fact]
    public void The_beginning_of_a_body_tells_what_stands_there()
    {
        var body = Encoding.UTF8.GetBytes("""{"model":"m","stream":false,"images":[" """ + new string('A', 100_000));
        for (var length = 0; length < 200; length++) RequestReading.Of(body.AsSpan(0, length), Endpoint("/api/chat"), isWhole: false, out _);

        var facts = RequestReading.Of(body, Endpoint("/api/chat"), isWhole: false, out var insertion);

        Assert.Equal(("m", false, null), (facts.Model, facts.Stream, insertion));
    }

    [Fact]
    public void Whatever_a_body_holds_it_does_not_throw()
    {
        var random = new System.Random(1);
        var whole = """{"model":"m","stream":true,"stream_options":{"a":[1,{"b":null}]},"options":{"num_ctx":1},"messages":[{"content":"x"}]}"""u8.ToArray();
        for (var i = 0; i < 5000; i++)
        {
            byte[] broken = [.. whole.Take(random.Next(whole.Length + 1))];
            for (var slip = random.Next(4); slip > 0 && broken.Length > 0; slip--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            RequestReading.Of(broken, Chat, random.Next(2) == 0, out _);
        }
    }

    private static LlmEndpoint Endpoint(string path) => LlmEndpoint.Find("POST", path)!;

    private static string Injected(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        RequestReading.Of(bytes, Chat, isWhole: true, out var insertion);
        return insertion is { } found ? string.Concat(found.Into(bytes).Select(piece => Encoding.UTF8.GetString(piece.Span))) : body;
    }

    private static bool IsInsertion(string before, string after)
    {
        foreach (var (text, instead) in ((string, string)[])[(Inserted, ""), ("\"include_usage\":true,", ""), ("\"include_usage\":true", ""), ("{\"include_usage\":true}", "null")])
            for (var at = after.IndexOf(text, StringComparison.Ordinal); at >= 0; at = after.IndexOf(text, at + 1, StringComparison.Ordinal))
                if (string.Concat(after.AsSpan(0, at), instead, after.AsSpan(at + text.Length)) == before) return true;
        return false;
    }

    // Members that matter and others, in any order, with text that looks like members in strings and below
    private static Gen<string> Objects()
    {
        var text = Gen.Elements("x", "\\\"stream\\\":true", "{", "}", "\\\\", "é", "\\ud83d\\ude00", "\\n").ArrayOf().Select(parts => $"\"{string.Concat(parts)}\"");
        var leaf = Gen.OneOf(text, Gen.Elements("1", "-2.5e3", "true", "false", "null", "[]", "{}"));
        var deep = from leaves in leaf.ArrayOf() from space in Gen.Elements("", " ", "\n") select $"[{space}{string.Join("," + space, leaves)}{space}]";
        var nested = leaf.Select(value => $$"""{"stream":true,"stream_options":{{value}}}""");
        var other = from name in Gen.Elements("a", "b", "messages", "model") from value in Gen.OneOf(leaf, deep, nested) select $"\"{name}\":{value}";
        var options = Gen.Elements("null", "{}", "{ }", "{\"x\":1}", "{\"x\":{\"include_usage\":false}}", "{\"include_usage\":true}").Select(value => $"\"stream_options\":{value}");
        return from others in other.ArrayOf()
               from option in Gen.OneOf(options.ListOf(1), Gen.Constant<IList<string>>([]))
               from members in Gen.Shuffle(others.Concat(option).Append("\"stream\":true"))
               from space in Gen.Elements("", " ", "\r\n\t")
               select $"{space}{{{space}{string.Join("," + space, members)}{space}}}{space}";
    }
}
