using System.Net;
using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class RackClientTests
{
    private const string Report = """{"nodeId":"desk","enabled":true,"heldCount":0,"problems":[],"gpus":[{"gpuUuid":"GPU-a","gpuIndex":0,"state":"draining","since":"2026-11-21T12:00:00Z","throttle":"none","reason":"given away by hand"}]}""";
    private const string Placement = """{"model":"qwen3:32b","fit":"now","nodeId":"desk","reason":"r","nodes":[{"nodeId":"desk","neededBytes":1,"neededFrom":"measured","fit":"now","reason":"r","gpus":[]}],"silent":[]}""";

    [Fact]
    public async Task A_wish_is_posted_and_the_collectors_answer_comes_back()
    {
        var history = new FakeHistory { Body = Report };

        var (report, problem) = await HandOverAsync(history, yields: true);
        await HandOverAsync(history, yields: false);

        Assert.Equal((GuardState.Draining, null), (report!.Gpus[0].State, problem));
        Assert.Equal(["POST /api/guard/yield", "POST /api/guard/resume"], history.Asked.Select(asked => asked[..asked.IndexOf(" {", StringComparison.Ordinal)]));
        Assert.Contains("\"node\":\"desk\"", history.Asked[0], StringComparison.Ordinal);
        Assert.Contains("\"minutes\":30", history.Asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_or_an_amount_is_asked_for_as_it_was_written()
    {
        var history = new FakeHistory { Body = Placement };
        using var http = new HttpClient(history, disposeHandler: false) { BaseAddress = new Uri("http://history") };

        var (placement, _) = await new RackClient(http).PlaceAsync(isModel: true, "qwen3:32b & more", TestContext.Current.CancellationToken);
        await new RackClient(http).PlaceAsync(isModel: false, "20 GiB", TestContext.Current.CancellationToken);

        Assert.Equal(PlacementFit.Now, placement!.Fit);
        Assert.Equal(["GET /api/capacity/placement?model=qwen3%3A32b%20%26%20more ", "GET /api/capacity/placement?vram=20%20GiB "], history.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.GatewayTimeout, """{"detail":"The collector of 'desk' did not answer"}""", "The collector of 'desk' did not answer")]
    [InlineData(HttpStatusCode.BadRequest, """{"errors":{"minutes":["0 is not accepted"]}}""", "minutes: 0 is not accepted")]
    [InlineData(HttpStatusCode.InternalServerError, "<html>", "History answered 500")]
    [InlineData(HttpStatusCode.OK, """{"nodeId":"desk","enabled":true,"heldCount":0,"problems":[],"gpus":[null]}""", "History answered with holes in its lists")]
    [InlineData(HttpStatusCode.OK, "null", "History answered with holes in its lists")]
    public async Task What_was_not_done_is_told_in_words(HttpStatusCode status, string body, string words) =>
        Assert.Equal((null, words), await HandOverAsync(new FakeHistory { Status = status, Body = body }, yields: true));

    [Fact]
    public async Task A_history_that_is_not_there_is_said_to_be_so() =>
        Assert.Equal((null, "no connection to History"), await HandOverAsync(new FakeHistory { Failure = new HttpRequestException("refused") }, yields: true));

    private static async Task<(GuardReport? Report, string? Problem)> HandOverAsync(FakeHistory history, bool yields)
    {
        using var http = new HttpClient(history, disposeHandler: false) { BaseAddress = new Uri("http://history") };
        var asked = await new RackClient(http).HandOverAsync(yields, new NodeGuardRequest { Node = "desk", Minutes = 30 }, TestContext.Current.CancellationToken);
        return (asked.Answer, asked.Problem);
    }

    private sealed class FakeHistory : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;
        public string Body { get; init; } = "";
        public Exception? Failure { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {content}");
            return Failure is null ? new HttpResponseMessage(Status) { Content = new StringContent(Body) } : throw Failure;
        }
    }
}
