using System.Net;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class UsagePastTests : IDisposable
{
    private const string Usage = """{"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","hours":[]}""";
    private const string Sessions = """
        {"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","nextCursor":"x","sessions":[{"nodeId":"desk","gpuUuid":"GPU-a","pid":7,"startedAt":"2026-11-21T11:00:00Z",
        "from":"2026-11-21T11:30:00Z","kind":"gardening","kinds":[{"at":"2026-11-21T11:30:00Z","kind":"gaming"}]}]}
        """;

    private readonly FakeHistory _history = new();
    private readonly UsagePast _past;

    public UsagePastTests()
    {
        var time = new ManualTimeProvider(Noon);
        _past = new UsagePast(() => new HistoryClient(new HttpClient(_history, disposeHandler: false) { BaseAddress = new Uri("http://history") }, time), time);
    }

    [Fact]
    public async Task Hours_and_processes_are_asked_for_the_same_range_and_only_processes_by_kind()
    {
        await ReadAsync("view", "gaming");

        Assert.Equal((0, 1, true, null, Noon), (_past.Usage!.Hours.Count, _past.Sessions.Count, _past.HasMore, _past.Problem, _past.ReadAt));
        Assert.Equal((7, null, WorkloadKind.Gaming), (_past.Sessions[0].Pid, _past.Sessions[0].To, _past.Sessions[0].Kinds[0].Kind));
        Assert.Equal(["/api/kind-usage?start_date=2026-11-21T11:00:00Z&end_date=2026-11-21T12:00:00Z&node=desk",
            "/api/process-sessions?start_date=2026-11-21T11:00:00Z&end_date=2026-11-21T12:00:00Z&node=desk&limit=50&kind=gaming"], _history.Asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_last_answer_stays_while_history_is_away_but_not_for_another_view()
    {
        await ReadAsync("view");
        _history.Failure = HttpStatusCode.ServiceUnavailable;

        await ReadAsync("view");
        Assert.Equal((1, "History answered 503", true), (_past.Sessions.Count, _past.Problem, _past.Answers("view")));
        await ReadAsync("other");
        Assert.Equal((0, null, null, false), (_past.Sessions.Count, _past.Usage, _past.ReadAt, _past.HasMore));
    }

    [Theory]
    [InlineData("""{"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","sessions":[null]}""")]
    [InlineData("""
        {"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","sessions":[{"nodeId":"desk","gpuUuid":"GPU-a","pid":7,"startedAt":"2026-11-21T11:00:00Z",
        "from":"2026-11-21T11:30:00Z","kinds":[null]}]}
        """)]
    [InlineData("null")]
    public async Task An_answer_with_holes_is_a_problem(string sessions)
    {
        _history.Sessions = sessions;

        await ReadAsync("view");

        Assert.Contains("holes", _past.Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _history.Dispose();

    private Task ReadAsync(string view, string? kind = null) =>
        _past.ReadAsync(view, new LlmQuestion(Noon.AddHours(-1), Noon, "desk"), kind, 50, TestContext.Current.CancellationToken);

    private sealed class FakeHistory : HttpMessageHandler
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;
        public string Sessions { get; set; } = UsagePastTests.Sessions;
        public HttpStatusCode? Failure { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            lock (_asked) _asked.Add(path);
            return Task.FromResult(Failure is { } status
                ? new HttpResponseMessage(status)
                : new HttpResponseMessage { Content = new StringContent(path.Contains("process-sessions", StringComparison.Ordinal) ? Sessions : Usage) });
        }
    }
}
