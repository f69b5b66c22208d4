using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.Api;

public sealed class ClassifyApiTests
{
    [Fact]
    public async Task One_descriptor_gets_one_verdict_with_the_rules_that_fired()
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, body) = await host.PostAsync(Routes.Classify, """
            {"name":"eldenring.exe","exe":"/usr/bin/wine64-preloader","cmdline":["Z:\\home\\u\\.local\\share\\Steam\\steamapps\\common\\ELDEN RING\\Game\\eldenring.exe"],
             "context":"C+G","gpuMemoryBytes":8589934592,"smPercent":88.5,"encoderPercent":0,"environment":{"SteamAppId":"1245620"},"parent":"pv-bwrap",
             "ancestors":["pv-bwrap","reaper","steam"],"cgroup":"/user.slice/app-steam-app1245620-9.scope","os":"linux","workingDirectory":"/home/u"}
            """);

        Assert.Equal((200, "gaming"), (status, body.GetProperty("kind").GetString()));
        var rules = body.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal("gaming/steam-cgroup", rules[0].GetProperty("name").GetString());
        Assert.Contains("app-steam-app1245620-9.scope", rules[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(rules, rule => rule.GetProperty("name").GetString() == "gaming/steam-path");
        Assert.Equal(0.98, body.GetProperty("confidence").GetDouble());
    }

    [Fact]
    public async Task An_array_gets_an_array_in_its_order()
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, body) = await host.PostAsync(Routes.Classify, """[{"name":"Xorg"},{},{"cmdline":"ffmpeg -hwaccel cuda -i a.mkv -c:v hevc_nvenc b.mkv"},{"name":null,"exe":"/usr/bin/mpv"}]""");

        Assert.Equal(200, status);
        Assert.Equal(["desktop", "general", "video", "video"], body.EnumerateArray().Select(verdict => verdict.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("""{"nam":"x"}""", "nam", "unknown; accepted are name, exe, cmdline, context,")]
    [InlineData("""{"name":7}""", "name", "is '7'; accepted is a text")]
    [InlineData("""{"context":"gpu"}""", "context", "is 'gpu'; accepted are compute, graphics, compute+graphics")]
    [InlineData("""{"gpuMemoryBytes":"9"}""", "gpuMemoryBytes", "is '9'; accepted is a number from 0")]
    [InlineData("""{"gpuMemoryBytes":-1}""", "gpuMemoryBytes", "is '-1'; accepted is a number from 0")]
    [InlineData("""{"smPercent":101}""", "smPercent", "is '101'; accepted is a number from 0 to 100")]
    [InlineData("""{"cmdline":{"a":1}}""", "cmdline", "is an object; accepted is a list of texts")]
    [InlineData("""{"cmdline":["a",null]}""", "cmdline[1]", "is 'null'; accepted is a text")]
    [InlineData("""{"environment":["A=1"]}""", "environment", "is a list; accepted is an object")]
    [InlineData("""{"ancestors":"steam"}""", "ancestors", "is 'steam'; accepted is a list of texts")]
    [InlineData("""{"os":"beos"}""", "os", "is 'beos'; accepted are linux, wsl, windows, macos")]
    [InlineData("""[{"name":"a"},{"exe":[]}]""", "[1].exe", "is a list; accepted is a text")]
    [InlineData("""["a"]""", "[0]", "is 'a'; accepted is an object with name,")]
    [InlineData("""3""", "body", "is '3'; accepted is an object")]
    [InlineData("""null""", "body", "is null")]
    [InlineData("""{"name":"a","name":"b"}""", "body", "is not JSON as it is accepted here")]
    [InlineData("""{"name":""", "body", "is not JSON as it is accepted here")]
    [InlineData("""{"name":"\ud800"}""", "body", "")]
    public async Task What_is_not_accepted_is_refused_by_its_field(string body, string field, string says)
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, problem) = await host.PostAsync(Routes.Classify, body);

        Assert.Equal(400, status);
        Assert.StartsWith(says, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_ten_thousand_at_once_and_other_types_are_refused()
    {
        await using var host = await ClassifierHost.StartAsync();
        var (many, _) = await host.PostAsync(Routes.Classify, JsonSerializer.Serialize(Enumerable.Repeat(new { name = "x" }, 10_001)));
        var (most, answers) = await host.PostAsync(Routes.Classify, JsonSerializer.Serialize(Enumerable.Repeat(new { name = "x" }, 10_000)));
        var (text, problem) = await host.PostAsync(Routes.Classify, "{}", "text/plain");
        using var method = await host.Client.DeleteAsync(Routes.Classify);

        Assert.Equal((400, 200, 415), (many, most, text));
        Assert.Equal("Content-Type is 'text/plain; charset=utf-8'; accepted is application/json.", problem.GetProperty("detail").GetString());
        Assert.Contains("DELETE is not answered here; accepted is POST.", await method.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(10_000, answers.GetArrayLength());
    }

    [Fact]
    public async Task Many_small_values_do_not_fill_the_memory()
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, problem) = await host.PostAsync(Routes.Classify, $"[{string.Join(',', Enumerable.Repeat("[]", 2_000_001))}]");

        Assert.Equal(400, status);
        Assert.Contains("more than 2000000 values", problem.GetProperty("errors").GetProperty("body")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_says_that_one_or_several_are_taken_and_its_examples_are_what_is_answered()
    {
        await using var host = await ClassifierHost.StartAsync();

        var call = (await host.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty(Routes.Classify).GetProperty("post");
        var (asked, answered) = (Json(call.GetProperty("requestBody")), Json(call.GetProperty("responses").GetProperty("200")));

        AssertOneOf(asked, nameof(ProcessDescriptor));
        AssertOneOf(answered, nameof(ProcessVerdict));
        foreach (var example in asked.GetProperty("examples").EnumerateObject())
        {
            var (status, body) = await host.PostAsync(Routes.Classify, example.Value.GetProperty("value").GetRawText());
            Assert.Equal(200, status);
            Assert.True(JsonElement.DeepEquals(answered.GetProperty("examples").GetProperty(example.Name).GetProperty("value"), body), body.GetRawText());
        }

        static JsonElement Json(JsonElement part) => part.GetProperty("content").GetProperty("application/json");

        static void AssertOneOf(JsonElement media, string name)
        {
            var (reference, either) = ($"#/components/schemas/{name}", media.GetProperty("schema").GetProperty("oneOf"));
            Assert.Equal(reference, either[0].GetProperty("$ref").GetString());
            Assert.Equal(("array", reference, 10_000), (either[1].GetProperty("type").GetString(), either[1].GetProperty("items").GetProperty("$ref").GetString(), either[1].GetProperty("maxItems").GetInt32()));
        }
    }

    [Fact]
    public async Task The_document_describes_what_is_taken_and_answered()
    {
        await using var host = await ClassifierHost.StartAsync();

        var document = (await host.GetAsync("/openapi/v1.json")).ToString();

        Assert.Multiple(
            () => Assert.Contains("\"/api/classify\"", document, StringComparison.Ordinal),
            () => Assert.Contains("gpuMemoryBytes", document, StringComparison.Ordinal),
            () => Assert.Contains("\"/api/rules\"", document, StringComparison.Ordinal));
    }
}
