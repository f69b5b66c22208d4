using System.Text.Json;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.Api;

public sealed class RulesApiTests
{
    private const string FooIsGaming = """{"match":{"exe":"/opt/foo (2)/Foo"},"kind":"gaming"}""";

    [Fact]
    public async Task What_a_user_says_of_a_program_holds_at_once_and_stands_in_a_file()
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, rule) = await host.PostAsync(Routes.Rules, FooIsGaming);

        Assert.Equal((200, UserRuleFile.Name), (status, rule.GetProperty("origin").GetString()));
        Assert.Equal("gaming", await KindOfAsync(host, "/opt/foo (2)/foo"));
        Assert.Equal("general", await KindOfAsync(host, "/opt/foo (2)/foobar"));
        Assert.Equal(rule.GetProperty("name").GetString(), (await host.GetAsync(Routes.Rules)).GetProperty("rules")[0].GetProperty("name").GetString());
        Assert.Equal([UserRuleFile.LockName], Directory.GetFiles(host.Folder.Root, ".*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_said_later_takes_the_place_of_what_was_said_before()
    {
        await using var host = await ClassifierHost.StartAsync();
        await host.PostAsync(Routes.Rules, FooIsGaming);
        await host.PostAsync(Routes.Rules, FooIsGaming.Replace("gaming", "video", StringComparison.Ordinal));

        Assert.Equal("video", await KindOfAsync(host, "/opt/foo (2)/Foo"));
        Assert.Single((await host.GetAsync(Routes.Rules)).GetProperty("rules").EnumerateArray(), rule => rule.GetProperty("origin").GetString() != "built-in");
    }

    [Fact]
    public async Task A_rule_is_taken_back_by_its_name()
    {
        await using var host = await ClassifierHost.StartAsync();
        var (_, rule) = await host.PostAsync(Routes.Rules, FooIsGaming);

        using var gone = await host.Client.DeleteAsync($"{Routes.Rules}/{rule.GetProperty("name").GetString()}");
        using var again = await host.Client.DeleteAsync($"{Routes.Rules}/{rule.GetProperty("name").GetString()}");
        using var builtIn = await host.Client.DeleteAsync($"{Routes.Rules}/llm/ollama");
        using var nameless = await host.Client.DeleteAsync(Routes.Rules);

        Assert.Equal((204, 404, 409, 404), ((int)gone.StatusCode, (int)again.StatusCode, (int)builtIn.StatusCode, (int)nameless.StatusCode));
        Assert.Equal("general", await KindOfAsync(host, "/opt/foo (2)/Foo"));
        Assert.Empty((await host.GetAsync(Routes.Rules)).GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task Names_and_arguments_are_taken_as_they_stand()
    {
        await using var host = await ClassifierHost.StartAsync();
        await host.PostAsync(Routes.Rules, """{"match":{"name":"a\"b: {x}","argument":"--o=(.*"},"kind":"mining"}""");

        var (_, verdict) = await host.PostAsync(Routes.Classify, """{"name":"a\"b: {x}","cmdline":["x","--o=(.*y"]}""");

        Assert.Equal("mining", verdict.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("""{"kind":"gaming"}""", "match", "missing; accepted is an object with at least one of name, exe and argument")]
    [InlineData("""{"match":{},"kind":"gaming"}""", "match", "missing;")]
    [InlineData("""{"match":{"name":"a"}}""", "kind", "missing; accepted are general, gaming,")]
    [InlineData("""{"match":{"name":"a"},"kind":"game"}""", "kind", "is 'game'; accepted are general, gaming,")]
    [InlineData("""{"match":{"pid":1},"kind":"gaming"}""", "match.pid", "unknown; accepted are name, exe, argument")]
    [InlineData("""{"match":{"name":"a\nb"},"kind":"gaming"}""", "match.name", "accepted are 1 to 1024 characters")]
    [InlineData("""{"match":{"exe":"/usr/bin/python3.12"},"kind":"gaming"}""", "match.exe", "python3.12 runs many programs;")]
    public async Task What_is_not_accepted_is_refused_by_its_field(string body, string field, string says)
    {
        await using var host = await ClassifierHost.StartAsync();

        var (status, problem) = await host.PostAsync(Routes.Rules, body);

        Assert.Equal(400, status);
        Assert.StartsWith(says, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(host.Folder.Root));
    }

    [Fact]
    public async Task A_page_of_another_origin_changes_nothing()
    {
        await using var host = await ClassifierHost.StartAsync();
        var (foreign, _) = await host.PostAsync(Routes.Rules, FooIsGaming, origin: "https://example.org");
        var (form, _) = await host.PostAsync(Routes.Rules, FooIsGaming, "text/plain");
        using var rebound = new HttpRequestMessage(HttpMethod.Post, Routes.Rules) { Content = new StringContent(FooIsGaming, System.Text.Encoding.UTF8, "application/json") };
        rebound.Headers.Host = "example.org";
        using var answer = await host.Client.SendAsync(rebound);
        using var spied = new HttpRequestMessage(HttpMethod.Get, Routes.Rules) { Headers = { Host = "example.org" } };
        using var told = await host.Client.SendAsync(spied);

        Assert.Equal((403, 415, 403, 403), (foreign, form, (int)answer.StatusCode, (int)told.StatusCode));
        Assert.Empty(Directory.GetFileSystemEntries(host.Folder.Root));
    }

    [Fact]
    public async Task What_a_person_wrote_into_the_file_stays_and_its_mistakes_are_not_written_over()
    {
        await using var host = await ClassifierHost.StartAsync();
        await host.PostAsync(Routes.Rules, FooIsGaming);
        var path = Path.Combine(host.Folder.Root, UserRuleFile.Name);
        await File.AppendAllTextAsync(path, "# mine\n- { name: my/bar, kind: video, says: mine, when: { name: bar } }\n");
        await host.PostAsync(Routes.Rules, """{"match":{"name":"baz"},"kind":"mining"}""");
        Assert.Contains("# mine\n- { name: my/bar", await File.ReadAllTextAsync(path), StringComparison.Ordinal);

        await File.AppendAllTextAsync(path, "- { name: }\n");
        var (status, problem) = await host.PostAsync(Routes.Rules, """{"match":{"name":"qux"},"kind":"mining"}""");

        Assert.Equal(409, status);
        Assert.Contains($"{UserRuleFile.Name} line ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("qux", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_a_file_is_told_by_health()
    {
        await using var host = await ClassifierHost.StartAsync();
        host.Folder.Write("a.yaml", "- { name: a/b, kind: nonsense }");
        await host.PostAsync(Routes.Rules, FooIsGaming);

        Assert.Contains("a.yaml line 1, rule a/b, kind: is", await host.Client.GetStringAsync("/health"), StringComparison.Ordinal);
        Assert.Equal("gaming", await KindOfAsync(host, "/opt/foo (2)/Foo"));
    }

    private static async Task<string?> KindOfAsync(ClassifierHost host, string exe) =>
        (await host.PostAsync(Routes.Classify, JsonSerializer.Serialize(new { exe }))).Body.GetProperty("kind").GetString();
}
