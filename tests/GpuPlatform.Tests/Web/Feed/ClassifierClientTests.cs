using System.Net;
using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class ClassifierClientTests
{
    private static readonly UserRule Rule = new(RuleMatch.Of(Process("game", null, 1) with { ExecutablePath = "/opt/game" })[0], WorkloadKind.Gaming);

    [Fact]
    public async Task A_rule_is_sent_by_path_else_by_name_and_its_name_is_heard()
    {
        var classifier = new FakeClassifier { Body = """{"name":"user/game-1a2b3c4d","kind":"gaming"}""" };

        Assert.Equal(("user/game-1a2b3c4d", null), await AddAsync(classifier, Rule));
        Assert.Equal(("user/game-1a2b3c4d", null), await AddAsync(classifier, new UserRule(RuleMatch.Of(Process("game", null, 1))[0], WorkloadKind.LlmInference)));
        Assert.Equal(["POST /api/rules {\"match\":{\"exe\":\"/opt/game\"},\"kind\":\"gaming\"}", "POST /api/rules {\"match\":{\"name\":\"game\"},\"kind\":\"llm-inference\"}"], classifier.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"name":7}""")]
    public async Task A_rule_is_in_force_though_the_answer_does_not_tell_its_name(string body) =>
        Assert.Equal((null, null), await AddAsync(new FakeClassifier { Body = body }, Rule));

    [Fact]
    public async Task A_rule_is_taken_back_by_its_name()
    {
        var classifier = new FakeClassifier();

        Assert.Null(await RemoveAsync(classifier, "user/a b-1a2b3c4d"));
        Assert.Equal(["DELETE /api/rules/user/a%20b-1a2b3c4d "], classifier.Asked);
        Assert.Equal("the classifier has no such rule", await RemoveAsync(new FakeClassifier { Status = HttpStatusCode.NotFound }, "user/x"));
        Assert.Equal("it stands in mine.yaml", await RemoveAsync(new FakeClassifier { Status = HttpStatusCode.Conflict, Body = """{"detail":"it stands in mine.yaml"}""" }, "user/x"));
    }

    [Theory]
    [InlineData("witcher3.exe", "/opt/wine/wine64-preloader", "named witcher3.exe | /opt/wine/wine64-preloader")]
    [InlineData("a-very-long-pro", "/usr/bin/a-very-long-program", "/usr/bin/a-very-long-program | named a-very-long-pro")]
    [InlineData("a-very-long-program", "/usr/bin/a-very-long-program", "/usr/bin/a-very-long-program | named a-very-long-program")]
    [InlineData(null, "/opt/game", "/opt/game")]
    [InlineData("game", null, "named game")]
    [InlineData(null, null, "")]
    public void What_runs_inside_another_program_is_known_by_its_name_first(string? name, string? path, string ways) =>
        Assert.Equal(ways, string.Join(" | ", RuleMatch.Of(Process(name, null, 1) with { ExecutablePath = path }).Select(match => match.Words)));

    [Fact]
    public void A_script_is_known_by_its_interpreter_and_the_first_argument_that_is_no_option()
    {
        var matches = RuleMatch.Of(Process("python3", null, 1) with { ExecutablePath = "/usr/bin/python3.12", CommandLine = ["python3", "-u", "train.py", "--epochs", "3"] });

        Assert.Equal(["/usr/bin/python3.12", "/usr/bin/python3.12 with train.py", "named python3"], matches.Select(match => match.Words));
        Assert.Equal(("/usr/bin/python3.12", null, "train.py"), (matches[1].Exe, matches[1].Name, matches[1].Argument));
    }

    [Theory]
    [InlineData("""{"title":"t","errors":{"match.exe":["expected a path"]}}""", "match.exe: expected a path")]
    [InlineData("""{"title":"t","detail":"the file cannot be written"}""", "the file cannot be written")]
    [InlineData("""{"title":"Not today"}""", "Not today")]
    [InlineData("<html>", "the classifier answered 400")]
    [InlineData("[1]", "the classifier answered 400")]
    [InlineData("""{"errors":{"a":7}}""", "the classifier answered 400")]
    public async Task A_refusal_is_told_in_the_classifiers_own_words(string body, string problem) =>
        Assert.Equal((null, problem), await AddAsync(new FakeClassifier { Status = HttpStatusCode.BadRequest, Body = body }, Rule));

    [Fact]
    public async Task A_classifier_that_is_not_there_is_said_to_be_so() =>
        Assert.Equal((null, "no connection to the classifier"), await AddAsync(new FakeClassifier { Failure = new HttpRequestException("refused") }, Rule));

    [Theory]
    [InlineData("")]
    [InlineData("classifier")]
    [InlineData("ftp://classifier")]
    public void Anything_but_a_web_address_is_refused_naming_the_key(string address) => Assert.Contains("Classifier:BaseAddress",
        new ClassifierOptionsValidator().Validate(null, new ClassifierOptions { BaseAddress = address }).FailureMessage, StringComparison.Ordinal);

    private static async Task<(string?, string?)> AddAsync(FakeClassifier classifier, UserRule rule)
    {
        using var http = new HttpClient(classifier, disposeHandler: false) { BaseAddress = new Uri("http://classifier") };
        return await new ClassifierClient(http).AddRuleAsync(rule, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> RemoveAsync(FakeClassifier classifier, string name)
    {
        using var http = new HttpClient(classifier, disposeHandler: false) { BaseAddress = new Uri("http://classifier") };
        return await new ClassifierClient(http).RemoveRuleAsync(name, TestContext.Current.CancellationToken);
    }

    private sealed class FakeClassifier : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];
        public HttpStatusCode Status { get; init; } = HttpStatusCode.Created;
        public string Body { get; init; } = "";
        public Exception? Failure { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken))}");
            return Failure is null ? new HttpResponseMessage(Status) { Content = new StringContent(Body) } : throw Failure;
        }
    }
}
