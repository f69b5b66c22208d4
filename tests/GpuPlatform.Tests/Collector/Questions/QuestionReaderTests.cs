using System.Text;
using System.Text.Json;
using GpuPlatform.Collector.Questions;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Questions.SomeQuestions;

namespace GpuPlatform.Tests.Collector.Questions;

public sealed class QuestionReaderTests
{
    [Fact]
    public void A_question_is_read_as_the_bus_library_writes_it()
    {
        var question = Question(yield: new() { GpuUuid = "GPU-a", Minutes = 1.5, Reason = "film night" });

        Assert.Null(QuestionReader.Read(Envelope(question), Node, out var read));
        Assert.Equal(question, read);
        Assert.Null(QuestionReader.Read(Envelope(Question(node: null)), Node, out _));
        Assert.Null(QuestionReader.Read(Envelope(Question(placement: new() { Model = "qwen3:32b" }, node: null)), Node, out _));
    }

    public static TheoryData<string, NodeAsked> Ignored => new()
    {
        { "other-node", Question(node: "rack-7") },
        { "impossible", Question() with { RequestId = Guid.Empty } },
        { "impossible", Question() with { AskedAt = default } },
        { "impossible", Question(yield: new(), node: null) },
        { "impossible", Question(yield: new(), resume: new()) },
        { "impossible", Question(yield: new() { Minutes = 0 }) },
        { "impossible", Question(resume: new() { Minutes = GuardRequest.MostMinutes + 1 }) },
        { "impossible", Question(yield: new() { Reason = new string('x', GuardRequest.LongestReason + 1) }) },
        { "impossible", Question(yield: new() { Reason = "film\nnight" }) },
        { "impossible", Question(placement: new()) },
        { "impossible", Question(placement: new() { Model = "m", Bytes = 1 }) },
        { "impossible", Question(placement: new() { Model = "" }) },
        { "impossible", Question(placement: new() { Bytes = -1 }) },
        { "too-large", Question(placement: new() { Model = new string('m', QuestionReader.LargestBytes) }) },
    };

    [Theory]
    [MemberData(nameof(Ignored))]
    public void What_is_not_for_this_host_or_cannot_be_is_ignored_by_name(string problem, NodeAsked question)
    {
        Assert.Equal(problem, QuestionReader.Read(Envelope(question), Node, out var read));
        Assert.Null(read);
    }

    [Theory]
    [InlineData("nonsense", "unreadable")]
    [InlineData("[]", "unreadable")]
    [InlineData("null", "other-type")]
    [InlineData("{}", "other-type")]
    [InlineData("""{"messageType":[null,"urn:message:GpuPlatform.Contracts:GuardChanged"],"message":null}""", "other-type")]
    [InlineData("""{"messageType":["urn:message:GpuPlatform.Contracts:NodeAsked"]}""", "unreadable")]
    [InlineData("""{"messageType":["urn:message:GpuPlatform.Contracts:NodeAsked"],"message":{}}""", "unreadable")]
    [InlineData("""{"messageType":["urn:message:GpuPlatform.Contracts:NodeAsked"],"message":{"requestId":"1","askedAt":"now"}}""", "unreadable")]
    public void What_is_no_question_is_ignored(string body, string problem) =>
        Assert.Equal(problem, QuestionReader.Read(Encoding.UTF8.GetBytes(body), Node, out _));

    [Fact]
    public void Whatever_is_cut_off_or_bent_is_ignored_and_nothing_is_thrown()
    {
        var whole = Envelope(Question(yield: new() { Minutes = 5 }));
        for (var length = 0; length < whole.Length; length++) Assert.NotNull(QuestionReader.Read(whole.AsSpan(0, length), Node, out _));
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(whole).ValueKind);
    }
}
