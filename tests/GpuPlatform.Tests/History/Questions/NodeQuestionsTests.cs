using GpuPlatform.Contracts;
using GpuPlatform.History.Questions;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History.Questions;

public sealed class NodeQuestionsTests : IDisposable
{
    private readonly RackFixture _rack = new("desk", "rack-1");

    [Fact]
    public async Task Whoever_answers_is_heard_and_the_others_are_waited_for_so_long()
    {
        _rack.Collector = (node, question) => node == "desk" ? RackFixture.Answer(node, question) : null;

        var asking = _rack.Questions.AskAsync(_rack.Questions.New(), ["desk", "rack-1"], TestContext.Current.CancellationToken);
        await Until.True(() => !_rack.Asked.IsEmpty);
        Assert.False(asking.IsCompleted);
        _rack.Time.Advance(NodeAsked.Patience);

        Assert.Equal("desk", Assert.Single((await asking).Given).NodeId);
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_from_those_who_were_asked()
    {
        var question = _rack.Questions.New();
        using var waiting = _rack.Pending.Open(question.RequestId, ["desk"])!;

        Assert.Equal("not-asked", _rack.Pending.Take(RackFixture.Answer("rack-1", question)));
        Assert.Equal(PendingQuestions.NotWaitedFor, _rack.Pending.Take(RackFixture.Answer("desk", _rack.Questions.New())));
        Assert.Equal("empty:nodeId", _rack.Pending.Take(RackFixture.Answer(" ", question)));
        Assert.Null(_rack.Pending.Take(RackFixture.Answer("desk", question)));
        Assert.Equal("not-asked", _rack.Pending.Take(RackFixture.Answer("desk", question)));
        await waiting.All;
        Assert.Single(waiting.Answers);
        waiting.Dispose();
        Assert.Equal(PendingQuestions.NotWaitedFor, _rack.Pending.Take(RackFixture.Answer("desk", question)));
    }

    [Fact]
    public async Task Without_a_broker_nobody_is_waited_for()
    {
        _rack.Failure = new InvalidOperationException("not connected");
        Assert.Contains("broker", await ProblemAsync(), StringComparison.Ordinal);

        (_rack.Failure, var asked) = (null, _rack.Asked.Count);
        _rack.Lose();
        Assert.Contains("broker", await ProblemAsync(), StringComparison.Ordinal);
        Assert.Equal(asked, _rack.Asked.Count);
    }

    [Fact]
    public async Task No_more_than_so_many_wait_at_once()
    {
        var waiting = Enumerable.Range(0, PendingQuestions.MostAtOnce).Select(_ => _rack.Pending.Open(Guid.NewGuid(), ["desk"])!).ToList();
        Assert.Contains("ask again", await ProblemAsync(), StringComparison.Ordinal);

        waiting[0].Dispose();
        _rack.Collector = RackFixture.Answer;
        Assert.Null(await ProblemAsync());
    }

    [Fact]
    public async Task Whoever_asked_and_has_gone_is_not_answered()
    {
        using var gone = new CancellationTokenSource();
        var asking = _rack.Questions.AskAsync(_rack.Questions.New(), ["desk"], gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    public void Dispose() => _rack.Dispose();

    private async Task<string?> ProblemAsync() => (await _rack.Questions.AskAsync(_rack.Questions.New(), ["desk"], TestContext.Current.CancellationToken)).Problem;
}
