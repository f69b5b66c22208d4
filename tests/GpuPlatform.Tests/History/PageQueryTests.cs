using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.WebUtilities;

namespace GpuPlatform.Tests.History;

public sealed class PageQueryTests
{
    private static readonly DateTimeOffset Now = Samples.Now;

    [Fact]
    public void A_cursor_keeps_the_range_of_its_first_page_and_its_place()
    {
        var first = GuardEventQuery.Parse([], Now).Query!;
        var next = GuardEventQuery.Parse(QueryHelpers.ParseQuery($"cursor={first.CursorAt(GuardSamples.Step)}"), Now.AddHours(5)).Query!;
        var session = new ProcessSession { NodeId = "a|b", GpuUuid = "GPU-1", Pid = 7, StartedAt = Now.AddHours(-1).AddTicks(10), From = Now, Kinds = [] };
        var cursor = ProcessSessionQuery.Parse([], Now).Query!.CursorAt(session);
        var after = ProcessSessionQuery.Parse(QueryHelpers.ParseQuery($"cursor={cursor}"), Now.AddHours(5)).Query!;

        Assert.Equal((first.From, first.To, Now), (next.From, next.To, next.After!.At));
        Assert.Equal(["desk", "GPU-1"], next.After.Key);
        Assert.Equal((Now, "a|b", 7, Now.AddHours(-1).AddTicks(10), "GPU-1"), after.After);
    }

    [Theory]
    [InlineData("hand_over=1", "hand_over", "a UUID with hyphens")]
    [InlineData("limit=0", "limit", "from 1 to 1000")]
    [InlineData("cursor=%21", "cursor", "nextCursor of an answer")]
    [InlineData("cursor=AAAA", "cursor", "nextCursor of an answer")]
    [InlineData("start_date=2025-01-01", "start_date", "at most 366 days")]
    [InlineData("gpu=", "gpu", "the UUID of a GPU")]
    [InlineData("kind=gaming", "kind", "known are start_date, end_date, node, gpu, hand_over, limit, cursor")]
    public void What_is_wrong_about_events_is_named_with_what_is_accepted(string query, string field, string accepted) =>
        AssertRefused(GuardEventQuery.Parse(QueryHelpers.ParseQuery(query), Now).Problems, field, accepted);

    [Theory]
    [InlineData("kind=fun", "kind", "one of general, gaming, llm-inference")]
    [InlineData("name=a%00b", "name", "the short name of a process")]
    [InlineData("cursor=AAAA", "cursor", "nextCursor of an answer")]
    [InlineData("hand_over=1", "hand_over", "known are start_date, end_date, node, gpu, kind, name, limit, cursor")]
    public void What_is_wrong_about_sessions_is_named_with_what_is_accepted(string query, string field, string accepted) =>
        AssertRefused(ProcessSessionQuery.Parse(QueryHelpers.ParseQuery(query), Now).Problems, field, accepted);

    [Fact]
    public void A_cursor_of_another_question_is_refused()
    {
        var cursor = GuardEventQuery.Parse([], Now).Query!.CursorAt(GuardSamples.Step);

        AssertRefused(ProcessSessionQuery.Parse(QueryHelpers.ParseQuery($"cursor={cursor}"), Now).Problems, "cursor", "nextCursor");
    }

    [Fact]
    public void A_verdict_that_says_the_same_again_is_no_change()
    {
        var changes = ProcessSessionStore.Changes([Now, Now.AddSeconds(1), Now.AddSeconds(2), Now.AddSeconds(3)], ["general", "gaming", "gaming", "levitating"]);

        Assert.Equal([new(Now, WorkloadKind.General), new(Now.AddSeconds(1), WorkloadKind.Gaming), new(Now.AddSeconds(3), WorkloadKind.General)], changes);
    }

    private static void AssertRefused(Dictionary<string, string[]> problems, string field, string accepted)
    {
        Assert.Equal([field], problems.Keys);
        Assert.Contains(accepted, problems[field][0], StringComparison.Ordinal);
    }
}
