using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.WebUtilities;

namespace GpuPlatform.Tests.History;

public sealed class LlmQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private static (LlmSessionQuery? Query, Dictionary<string, string[]> Problems) Parse(string query) =>
        LlmSessionQuery.Parse(QueryHelpers.ParseQuery(query), Now);

    [Fact]
    public void Nothing_asks_for_the_newest_of_the_last_day()
    {
        var query = Parse("").Query!;

        Assert.Equal((Now.AddDays(-1), Now, "started", true, 100, null), (query.Filter.From, query.Filter.To, query.SortBy.Name, query.IsDescending, query.PageSize, query.After));
    }

    [Theory]
    [InlineData("start_date=2026-11-20&end_date=2026-11-20", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("start_date=2026-11-20T06:30:00Z&end_date=2026-11-20T07:00:00.5%2B00:00", "2026-11-20T06:30:00Z", "2026-11-20T07:00:00.5Z")]
    [InlineData("start_date=2026-11-20T06:30%2B02:00", "2026-11-20T04:30:00Z", "2026-11-21T10:00:00Z")]
    [InlineData("end_date=2026-11-19T00:00Z", "2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z")]
    [InlineData("start_date=2026-11-22T00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")]
    public void Dates_are_days_in_utc_and_instants_are_themselves(string query, string from, string to)
    {
        var filter = Parse(query).Query!.Filter;

        Assert.Equal((DateTimeOffset.Parse(from), DateTimeOffset.Parse(to)), (filter.From, filter.To));
    }

    [Theory]
    [InlineData("start_date=yesterday", "start_date", "a date such as 2026-11-21")]
    [InlineData("start_date=2026-11-20T06:30:00+02:00", "start_date", "%2B")]
    [InlineData("end_date=0001-01-01", "end_date", "a date such as")]
    [InlineData("end_date=9999-12-31", "end_date", "a date such as")]
    [InlineData("start_date=2026-11-20&end_date=2026-11-19", "start_date", "before end_date")]
    [InlineData("start_date=2025-01-01&end_date=2026-11-19", "start_date", "at most 366 days")]
    [InlineData("start_date=2026-11-20&start_date=2026-11-20", "start_date", "give it once")]
    [InlineData("model=", "model", "the name of a model")]
    [InlineData("client=a%00b", "client", "the name of a client")]
    [InlineData("outcome=good", "outcome", "one of ok, aborted, failed, refused")]
    [InlineData("min_duration_ms=-1", "min_duration_ms", "a number from 0")]
    [InlineData("min_duration_ms=NaN", "min_duration_ms", "a number from 0")]
    [InlineData("sort=price", "sort", "one of started, duration, ttft, tokens")]
    [InlineData("order=up", "order", "one of desc, asc")]
    [InlineData("limit=0", "limit", "from 1 to 1000")]
    [InlineData("limit=1001", "limit", "from 1 to 1000")]
    [InlineData("cursor=%21", "cursor", "nextCursor of an answer")]
    [InlineData("cursor=AAAA", "cursor", "nextCursor of an answer")]
    [InlineData("startdate=2026-11-20", "startdate", "known are start_date, end_date, model, client, node, server, outcome")]
    public void What_is_wrong_is_named_with_what_is_accepted(string query, string field, string accepted)
    {
        var (parsed, problems) = Parse(query);

        Assert.Null(parsed);
        Assert.Equal([field], problems.Keys);
        Assert.Contains(accepted, problems[field][0], StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(["limit", "nonsense", "sort"], Parse("limit=x&sort=y&nonsense=z").Problems.Keys.Order());

    [Fact]
    public void Usage_takes_no_more_than_its_own_fields()
    {
        Assert.Equal("unknown parameter; known are start_date, end_date, model, client, node",
            LlmUsageQuery.Parse(QueryHelpers.ParseQuery("limit=5"), Now).Problems["limit"][0]);
        Assert.Equal("m", LlmUsageQuery.Parse(QueryHelpers.ParseQuery("model=m"), Now).Filter!.Model);
    }

    [Fact]
    public void A_cursor_keeps_the_range_of_its_first_page_and_its_place_to_the_last_digit()
    {
        foreach (var sort in LlmSort.All)
        {
            var last = LlmSamples.Request with { DurationMs = LlmRow.Exact(16777.217f), TimeToFirstTokenMs = LlmRow.Exact(0.1f) };
            var cursor = new LlmCursor(Now.AddDays(-3), Now.AddDays(-2), sort.Name, true, sort.Of(last), last.RequestId);
            var query = Parse($"sort={sort.Name}&cursor={cursor}").Query!;

            Assert.Equal(cursor, query.After);
            Assert.Equal((Now.AddDays(-3), Now.AddDays(-2)), (query.Filter.From, query.Filter.To));
        }

        Assert.Equal(16777.217f, LlmSort.Named("duration").ToSql((decimal)LlmRow.Exact(16777.217f)).Boxed);
    }

    [Fact]
    public void A_cursor_of_another_order_is_refused_with_the_order_it_is_of()
    {
        var cursor = new LlmCursor(Now.AddDays(-3), Now, "ttft", false, 5, LlmSamples.Id);

        Assert.Contains("sort=ttft&order=asc", Parse($"cursor={cursor}").Problems["cursor"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_of_a_longer_range_than_can_be_asked_for_is_refused()
    {
        var cursor = new LlmCursor(Now.AddDays(-367), Now, "started", true, 0, LlmSamples.Id);

        Assert.Equal(["cursor"], Parse($"cursor={cursor}").Problems.Keys);
        Assert.NotNull(Parse($"cursor={cursor with { From = Now.AddDays(-366) }}").Query);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1e28)]
    public void A_cursor_with_a_place_that_no_request_has_is_refused(double value)
    {
        var cursor = new LlmCursor(Now.AddDays(-3), Now, "started", true, (decimal)value, LlmSamples.Id);

        Assert.Equal(["cursor"], Parse($"cursor={cursor}").Problems.Keys);
    }
}
