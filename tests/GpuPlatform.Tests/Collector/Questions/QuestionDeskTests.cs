using System.Diagnostics;
using GpuPlatform.Collector.Capacity;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Questions;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Guard;
using GpuPlatform.Tests.ServiceDefaults.Prometheus;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static GpuPlatform.Tests.Collector.Questions.SomeQuestions;

namespace GpuPlatform.Tests.Collector.Questions;

public sealed class QuestionDeskTests : IDisposable
{
    private const string TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private readonly GuardFixture _host = new(gpus: [$"GPU-{Guid.NewGuid()}", "GPU-b"]);
    private readonly Exposition _page = new();
    private readonly QuestionDesk _desk;

    public QuestionDeskTests()
    {
        var present = new PresentGpus(_host.Latest, _host.Pace, Options.Create(new SamplingOptions()), _host.Clock);
        var capacity = new CapacityLook(Node, _host.Latest, present, _host.Verdicts, _host.Llm, new ModelSizes(), _host.Guard);
        _desk = new QuestionDesk(Node, _host.Guard, capacity, new QuestionMetrics(_page.Factory), _host.Clock, NullLogger<QuestionDesk>.Instance);
        _host.Sample();
    }

    private string Gpu => _host.Uuids[0];

    [Fact]
    public async Task A_gpu_is_given_away_for_a_time_and_the_answer_is_the_guards_own()
    {
        var question = Question(yield: new() { GpuUuid = Gpu, Minutes = 30, Reason = "film night" });

        var answer = Ask(question)!;

        Assert.Equal((question.RequestId, Node, null), (answer.RequestId, answer.NodeId, answer.Problem));
        var (mine, other) = (answer.Guard!.Gpus[0], answer.Guard.Gpus[1]);
        Assert.Equal((true, "given away by hand: film night", Now.AddMinutes(30)), (mine.Manual, mine.Reason, mine.ManualUntil));
        Assert.Equal((false, GuardState.Serving), (other.Manual, other.State));
        await _host.UntilAsync(GuardState.Yielded);

        Assert.Null(Ask(Question(resume: new()))!.Problem);
        await _host.UntilAsync(GuardState.Serving);
    }

    [Fact]
    public void A_question_is_taken_once_and_others_of_a_host_beside_it_not_at_all()
    {
        var question = Question(yield: new());
        Assert.NotNull(Ask(question));
        Ask(Question(resume: new()));

        Assert.Null(Ask(question));
        Assert.Null(Ask(Question(yield: new(), node: "rack-7")));
        Assert.Null(_desk.Take("nonsense"u8, null));

        Assert.All(_host.Guard.Report().Gpus, gpu => Assert.False(gpu.Manual));
    }

    [Fact]
    public async Task What_was_not_taken_is_counted_but_not_what_is_meant_for_others()
    {
        _desk.Take("nonsense"u8, null);
        Ask(Question(yield: new(), node: "rack-7"));
        Ask(Question());

        Assert.Equal(["gpuplatform_questions_ignored_total{reason=\"unreadable\"} 1"], await _page.SamplesAsync("gpuplatform_questions_ignored_total"));
        Assert.Equal(["gpuplatform_questions_answered_total 1"], await _page.SamplesAsync("gpuplatform_questions_answered_total"));
    }

    [Theory]
    [InlineData(-6, "6 min before")]
    [InlineData(6, "6 min after")]
    public void A_wish_of_another_time_is_not_fulfilled_and_says_so(double minutes, string words)
    {
        var answer = Ask(Question(yield: new()) with { AskedAt = Now.AddMinutes(minutes) })!;

        Assert.Contains(words, answer.Problem, StringComparison.Ordinal);
        Assert.Null(answer.Guard);
        Assert.All(_host.Guard.Report().Gpus, gpu => Assert.False(gpu.Manual));
        Assert.NotNull(Ask(Question() with { AskedAt = Now.AddMinutes(minutes) })!.Capacity);
    }

    [Fact]
    public void A_gpu_the_host_does_not_have_is_named() =>
        Assert.Equal("'GPU-z' is no GPU of the host", Ask(Question(yield: new() { GpuUuid = "GPU-z" }))!.Problem);

    [Fact]
    public void Room_is_told_as_the_hosts_own_api_tells_it()
    {
        _host.Llm.Current = [new LlmServer { Name = "ollama", Upstream = "x", Available = [new AvailableModel { Name = "qwen3:4b", SizeBytes = 1L << 30 }] }];

        var everything = Ask(Question(node: null))!;
        var model = Ask(Question(placement: new() { Model = "qwen3:4b" }, node: null))!;
        var unknown = Ask(Question(placement: new() { Model = "nobody:1b" }, node: null))!;
        var amount = Ask(Question(placement: new() { Bytes = 1 << 20 }, node: null))!;

        Assert.Equal(2, everything.Capacity!.Gpus.Count);
        Assert.Null(everything.Placement);
        Assert.Equal(("qwen3:4b", NeedSource.Estimated), (model.Placement!.Model, model.Placement.NeededFrom));
        Assert.Equal((true, true), (unknown.Placement is null, unknown.Capacity is not null));
        Assert.Equal((1 << 20, NeedSource.Asked), (amount.Placement!.NeededBytes, amount.Placement.NeededFrom));
    }

    [Fact]
    public async Task The_hand_over_and_the_answer_are_in_the_trace_of_whoever_asked()
    {
        var ended = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "GpuPlatform.Collector",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        var answer = _desk.Take(Envelope(Question(yield: new() { GpuUuid = Gpu })), TraceParent)!;
        await _host.UntilAsync(GuardState.Yielded);

        var mine = ended.Where(activity => activity.TraceId.ToHexString() == "4bf92f3577b34da6a3ce929d0e0e4736").ToList();
        var asked = Assert.Single(mine, activity => activity.OperationName == "answer question");
        Assert.Equal((asked.Id, "00f067aa0ba902b7"), (answer.TraceParent, asked.ParentSpanId.ToHexString()));
        var handOver = Assert.Single(mine, activity => activity.OperationName == "hand over gpu");
        Assert.Equal(asked.SpanId, handOver.ParentSpanId);
        Assert.Contains(mine, activity => activity.OperationName == "gpu evicting");
    }

    public void Dispose()
    {
        _page.Dispose();
        _host.Dispose();
    }

    // As History's bus library reads the answer
    private NodeAnswered? Ask(NodeAsked question)
    {
        if (_desk.Take(Envelope(question), null) is not { } answer) return null;
        var context = new SystemTextJsonMessageSerializer().Deserialize(new BytesMessageBody(answer.Body), new DictionarySendHeaders());
        Assert.True(context.TryGetMessage<NodeAnswered>(out var read));
        return read;
    }
}
