using System.Net;
using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class ClassifierClientTests
{
    private static readonly UserRule Rule = UserRule.For(Process("game", null, 1) with { ExecutablePath = "/opt/game" }, WorkloadKind.Gaming)!;

    [Fact]
    public async Task A_rule_is_sent_by_path_else_by_name()
    {
        var classifier = new FakeClassifier();

        Assert.Null(await SendAsync(classifier, Rule));
        Assert.Null(await SendAsync(classifier, UserRule.For(Process("game", null, 1), WorkloadKind.LlmInference)!));
        Assert.Equal(["POST /api/rules {\"match\":{\"exe\":\"/opt/game\"},\"kind\":\"gaming\"}", "POST /api/rules {\"match\":{\"name\":\"game\"},\"kind\":\"llm-inference\"}"], classifier.Asked);
        Assert.Null(UserRule.For(Process(null, null, 1), WorkloadKind.Gaming));
    }

    [Theory]
    [InlineData("witcher3.exe", "/opt/wine/wine64-preloader", "witcher3.exe")]
    [InlineData("a-very-long-pro", "/usr/bin/a-very-long-program", "/usr/bin/a-very-long-program")]
    [InlineData("a-very-long-program", "/usr/bin/a-very-long-program", "/usr/bin/a-very-long-program")]
    [InlineData(null, "/opt/game", "/opt/game")]
    public void What_runs_inside_another_program_is_known_by_its_name(string? name, string path, string known)
    {
        Assert.Equal(known, UserRule.For(Process(name, null, 1) with { ExecutablePath = path }, WorkloadKind.Gaming)!.Match.Words);
    }

    [Theory]
    [InlineData("""{"title":"t","errors":{"match.exe":["expected a path"]}}""", "match.exe: expected a path")]
    [InlineData("""{"title":"t","detail":"the file cannot be written"}""", "the file cannot be written")]
    [InlineData("""{"title":"Not today"}""", "Not today")]
    [InlineData("<html>", "the classifier answered 400")]
    [InlineData("[1]", "the classifier answered 400")]
    [InlineData("""{"errors":{"a":7}}""", "the classifier answered 400")]
    public async Task A_refusal_is_told_in_the_classifiers_own_words(string body, string problem) =>
        Assert.Equal(problem, await SendAsync(new FakeClassifier { Status = HttpStatusCode.BadRequest, Body = body }, Rule));

    [Fact]
    public async Task A_classifier_that_is_not_there_is_said_to_be_so() =>
        Assert.Equal("no connection to the classifier", await SendAsync(new FakeClassifier { Failure = new HttpRequestException("refused") }, Rule));

    [Theory]
    [InlineData("")]
    [InlineData("classifier")]
    [InlineData("ftp://classifier")]
    public void Anything_but_a_web_address_is_refused_naming_the_key(string address) => Assert.Contains("Classifier:BaseAddress",
        new ClassifierOptionsValidator().Validate(null, new ClassifierOptions { BaseAddress = address }).FailureMessage, StringComparison.Ordinal);

    private static async Task<string?> SendAsync(FakeClassifier classifier, UserRule rule)
    {
        using var http = new HttpClient(classifier, disposeHandler: false) { BaseAddress = new Uri("http://classifier") };
        return await new ClassifierClient(http).AddRuleAsync(rule, TestContext.Current.CancellationToken);
    }

    private sealed class FakeClassifier : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];
        public HttpStatusCode Status { get; init; } = HttpStatusCode.Created;
        public string Body { get; init; } = "";
        public Exception? Failure { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            return Failure is null ? new HttpResponseMessage(Status) { Content = new StringContent(Body) } : throw Failure;
        }
    }
}
