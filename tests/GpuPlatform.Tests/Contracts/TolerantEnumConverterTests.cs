using System.Text.Json;
using GpuPlatform.Contracts;
using MassTransit.Serialization;

namespace GpuPlatform.Tests.Contracts;

public sealed class TolerantEnumConverterTests
{
    // What the consumers of both services read with
    private static readonly JsonSerializerOptions Options = TolerantEnumConverter.AddTo(new JsonSerializerOptions(SystemTextJsonMessageSerializer.Options));

    private static GpuProcessObserved Observed(string change, string context) => JsonSerializer.Deserialize<GpuProcessObserved>($$"""
        {"nodeId":"desk","gpuUuid":"GPU-a","pid":7,"startedAt":"2026-11-21T11:00:00Z","observedAt":"2026-11-21T12:00:00Z","change":{{change}},"context":{{context}}}
        """, Options)!;

    private static WorkloadKind Kind(string kind) => JsonSerializer.Deserialize<WorkloadKind>(kind, Options);

    [Theory]
    [InlineData("\"quantum\"")]
    [InlineData("99")]
    public void An_unknown_word_is_read_as_the_least_it_can_mean(string unknown)
    {
        Assert.Equal(WorkloadKind.General, Kind(unknown));
        var observed = Observed(unknown, unknown);
        Assert.Equal((ProcessChange.Changed, null, 7), (observed.Change, observed.Context, observed.Pid));
    }

    [Fact]
    public void Known_words_are_read_and_written_as_before()
    {
        Assert.Equal(WorkloadKind.LlmInference, Kind("\"llm-inference\""));
        var observed = Observed("\"exited\"", "\"compute+graphics\"");
        Assert.Equal((ProcessChange.Exited, GpuContext.ComputeAndGraphics), (observed.Change, observed.Context));
        Assert.Null(Observed("\"started\"", "null").Context);
        foreach (var message in new[] { observed, observed with { Context = null } })
            Assert.Equal(JsonSerializer.Serialize(message, SystemTextJsonMessageSerializer.Options), JsonSerializer.Serialize(message, Options));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    public void What_is_no_word_at_all_is_still_refused(string json) => Assert.Throws<JsonException>(() => Kind(json));

    [Theory]
    [InlineData("\"podman\"", ProcessRuntime.Podman)]
    [InlineData("\"jail\"", null)]
    [InlineData("99", null)]
    [InlineData("null", null)]
    public void An_unknown_runtime_costs_its_field(string word, ProcessRuntime? expected)
    {
        var scope = JsonSerializer.Deserialize<ProcessScope>($$"""{"runtime":{{word}},"unit":"x.service"}""", Options)!;
        Assert.Equal((expected, "x.service"), (scope.Runtime, scope.Unit));
    }
}
