using System.Net;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.LlmSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class LlmReportTests : IDisposable
{
    private static readonly LlmQuestion Question = new(Noon, Noon.AddHours(1), Model: "a&b=c#\"x");
    private readonly ManualTimeProvider _time = new(Noon);
    private readonly FakeHistory _history = new();
    private readonly LlmReport _report;

    public LlmReportTests() =>
        _report = new LlmReport(() => new HistoryClient(new HttpClient(_history, disposeHandler: false) { BaseAddress = new Uri("http://history") }, _time), _time);

    [Fact]
    public async Task Figures_and_requests_are_asked_with_the_filter_whatever_the_names_contain()
    {
        await _report.ReadAsync("view", Question, "ttft", "failed", TestContext.Current.CancellationToken);

        Assert.Equal((3, 1, null, Noon), (_report.Usage!.Total.RequestCount, _report.Sessions.Count, _report.Problem, _report.ReadAt));
        Assert.Contains("/api/llm-usage?start_date=2026-11-21T12:00:00Z&end_date=2026-11-21T13:00:00Z&model=a%26b%3Dc%23%22x", _history.Asked);
        Assert.Contains("/api/llm-sessions?start_date=2026-11-21T12:00:00Z&end_date=2026-11-21T13:00:00Z&model=a%26b%3Dc%23%22x&sort=ttft&limit=25&outcome=failed", _history.Asked);
    }

    [Fact]
    public async Task The_last_answer_stays_while_history_is_away_and_the_reason_is_said()
    {
        await ReadAsync("view");
        _history.Failure = HttpStatusCode.ServiceUnavailable;
        _time.Advance(TimeSpan.FromMinutes(1));

        await ReadAsync("view");

        Assert.Equal((3, "History answered 503", Noon), (_report.Usage!.Total.RequestCount, _report.Problem, _report.ReadAt));
        _history.Failure = null;
        await ReadAsync("view");
        Assert.Equal((null, Noon.AddMinutes(1)), (_report.Problem, _report.ReadAt));
    }

    [Fact]
    public async Task An_answer_to_another_view_is_never_shown_as_the_answer_to_this_one()
    {
        await ReadAsync("view");
        _history.Failure = HttpStatusCode.BadGateway;
        Assert.False(_report.Answers("other"));

        await ReadAsync("other");

        Assert.True(_report.Answers("other"));
        Assert.Equal((null, 0, null), (_report.Usage, _report.Sessions.Count, _report.ReadAt));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    public async Task An_answer_that_cannot_be_read_is_a_problem_and_not_a_crash(string answer)
    {
        _history.Answer = answer;

        await ReadAsync("view");

        Assert.Null(_report.Usage);
        Assert.NotNull(_report.Problem);
    }

    [Fact]
    public async Task A_distribution_whose_buckets_do_not_fit_its_bounds_is_refused()
    {
        _history.Answer = JsonSerializer.Serialize(Usage() with { TimeToFirstToken = Distribution([1, 2], [1]) }, JsonSerializerOptions.Web);

        await ReadAsync("view");

        Assert.Equal("/api/llm-usage answered with holes in its lists", _report.Problem);
    }

    [Fact]
    public async Task A_question_that_is_no_longer_wanted_leaves_everything_as_it_was()
    {
        await ReadAsync("view");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _report.ReadAsync("other", Question, "duration", null, new CancellationToken(canceled: true)));

        Assert.True(_report.Answers("view"));
        Assert.Null(_report.Problem);
    }

    public void Dispose() => _history.Dispose();

    private Task ReadAsync(string view) => _report.ReadAsync(view, Question, "duration", null, TestContext.Current.CancellationToken);

    private sealed class FakeHistory : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        public HttpStatusCode? Failure { get; set; }

        public string? Answer { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (Asked) Asked.Add(request.RequestUri!.PathAndQuery);
            if (Failure is { } failure) return Task.FromResult(new HttpResponseMessage(failure));
            var isUsage = request.RequestUri.AbsolutePath == Routes.LlmUsage;
            var answer = isUsage && Answer is not null ? Answer
                : isUsage ? JsonSerializer.Serialize(Usage(), JsonSerializerOptions.Web)
                : JsonSerializer.Serialize(new LlmSessionPage { From = Noon, To = Noon.AddHours(1), Sessions = [Completed()] }, JsonSerializerOptions.Web);
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent(answer, System.Text.Encoding.UTF8, "application/json") });
        }
    }
}
