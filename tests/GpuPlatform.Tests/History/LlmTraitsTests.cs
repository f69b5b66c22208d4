using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;

namespace GpuPlatform.Tests.History;

public sealed class LlmTraitsTests
{
    private static readonly Guid Key = LlmTraits.Of(LlmSamples.Request).Key;

    [Fact]
    public void Requests_that_differ_in_their_figures_alone_have_one_key() => Assert.Equal(Key, LlmTraits.Of(LlmSamples.Request with
    {
        RequestId = Guid.NewGuid(), StartedAt = Samples.Started, DurationMs = 1, PromptTokens = 1, Error = "x", TraceId = null,
        Client = LlmSamples.Client with { Pid = 43, ProcessStartedAt = null },
    }).Key);

    public static TheoryData<LlmRequestCompleted> Others =>
    [
        LlmSamples.Request with { NodeId = "other" },
        LlmSamples.Request with { Model = null },
        LlmSamples.Request with { Model = "" },
        LlmSamples.Request with { Outcome = LlmOutcome.Aborted },
        LlmSamples.Request with { StatusCode = null },
        LlmSamples.Request with { Streaming = true },
        LlmSamples.Request with { GpuUuids = [] },
        LlmSamples.Request with { GpuUuids = ["GPU-1", "GPU-2"] },
        LlmSamples.Request with { Server = "olla", Endpoint = "ma/api/chat" },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_other_word_makes_another_key(LlmRequestCompleted request) => Assert.NotEqual(Key, LlmTraits.Of(request).Key);

    [Fact]
    public void There_is_a_value_for_every_column() =>
        Assert.Equal(LlmTraits.Columns.Split(", ").Length, LlmTraits.Of(LlmSamples.Request).Values.Length);
}
