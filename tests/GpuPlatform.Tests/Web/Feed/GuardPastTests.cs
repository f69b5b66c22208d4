using System.Net;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class GuardPastTests : IDisposable
{
    private const string Events = """
        {"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","nextCursor":"x","events":[{"nodeId":"desk","gpuUuid":"GPU-a","changedAt":"2026-11-21T11:30:00Z",
        "handOverId":"0d4fd0a5-3c0f-4c9c-9a53-0f3e3a6c5b11","from":"serving","to":"draining","cause":"full-moon","reason":"r","models":[]}]}
        """;

    private readonly FakeHistory _history = new();
    private readonly GuardPast _past;

    public GuardPastTests()
    {
        var time = new ManualTimeProvider(Noon);
        _past = new GuardPast(() => new HistoryClient(new HttpClient(_history, disposeHandler: false) { BaseAddress = new Uri("http://history") }, time), time);
    }

    [Fact]
    public async Task Steps_are_asked_for_and_more_of_them_are_told_of()
    {
        await ReadAsync("view");

        Assert.Equal((1, true, null, Noon), (_past.Steps.Count, _past.HasMore, _past.Problem, _past.ReadAt));
        Assert.Equal(["/api/guard-events?start_date=2026-11-21T11:00:00Z&end_date=2026-11-21T12:00:00Z&node=desk&limit=1000"], _history.Asked);
    }

    [Fact]
    public async Task The_last_answer_stays_while_history_is_away_but_not_for_another_view()
    {
        await ReadAsync("view");
        _history.Failure = HttpStatusCode.ServiceUnavailable;

        await ReadAsync("view");
        Assert.Equal((1, "History answered 503"), (_past.Steps.Count, _past.Problem));
        await ReadAsync("other");
        Assert.Equal((0, null), (_past.Steps.Count, _past.ReadAt));
    }

    [Theory]
    [InlineData("""{"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","events":[null]}""")]
    [InlineData("null")]
    public async Task An_answer_with_holes_is_a_problem(string events)
    {
        _history.Events = events;

        await ReadAsync("view");

        Assert.Contains("holes", _past.Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _history.Dispose();

    private Task ReadAsync(string view) =>
        _past.ReadAsync(view, new LlmQuestion(Noon.AddHours(-1), Noon, "desk"), TestContext.Current.CancellationToken);

    private sealed class FakeHistory : HttpMessageHandler
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;
        public string Events { get; set; } = GuardPastTests.Events;
        public HttpStatusCode? Failure { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            lock (_asked) _asked.Add(path);
            return Task.FromResult(Failure is { } status
                ? new HttpResponseMessage(status)
                : new HttpResponseMessage { Content = new StringContent(Events) });
        }
    }
}
