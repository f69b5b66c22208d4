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
    public void An_unknown_word_about_a_gpu_costs_its_field_and_not_the_sample()
    {
        var sample = JsonSerializer.Deserialize<GpuSample>("""
            {"uuid":"GPU-a","index":0,"name":"n","state":"dreaming","powerWatts":7,
             "details":{"throttleReasons":["idle","phase of the moon"],"recoveryAction":"exorcism","performanceState":8}}
            """, Options)!;

        Assert.Equal((GpuState.Active, 7, 8), (sample.State, sample.PowerWatts, sample.Details!.PerformanceState));
        Assert.Equal([GpuThrottleReason.Idle, GpuThrottleReason.Unknown], sample.Details.ThrottleReasons);
        Assert.Equal(GpuRecoveryAction.Unknown, sample.Details.RecoveryAction);
        Assert.Null(JsonSerializer.Deserialize<GpuDetails>("""{"recoveryAction":null}""", Options)!.RecoveryAction);
        Assert.Equal(GpuState.Sleeping, JsonSerializer.Deserialize<GpuState>("\"sleeping\"", Options));
    }

    [Fact]
    public void An_unknown_word_about_a_hand_over_costs_its_field_and_not_the_message()
    {
        var change = JsonSerializer.Deserialize<GuardChanged>("""
            {"nodeId":"desk","gpuUuid":"GPU-a","changedAt":"2026-11-21T11:00:00Z","handOverId":"0197b1a2-1111-7000-8000-000000000001","from":"serving","to":"lent",
             "throttle":"frozen","cause":"whim","reason":"x","process":{"pid":7,"startedAt":"2026-11-21T11:00:00Z","kind":"quantum"}}
            """, Options)!;
        Assert.Equal((GuardState.Serving, GuardState.Yielded, ThrottleLevel.Limited, GuardCause.Unknown), (change.From, change.To, change.Throttle, change.Cause));
        Assert.Equal((7, WorkloadKind.General), (change.Process!.Pid, change.Process.Kind));
        Assert.Equal((PlacementFit.Unknown, NeedSource.Estimated), (JsonSerializer.Deserialize<PlacementFit>("\"maybe\"", Options), JsonSerializer.Deserialize<NeedSource>("99", Options)));
    }

    [Fact]
    public void Every_word_that_travels_is_read_so()
    {
        var words = typeof(GuardState).Assembly.GetExportedTypes().Where(type => type.IsEnum).ToList();
        var converter = new TolerantEnumConverter();
        Assert.All(words, word => Assert.True(converter.CanConvert(word) || converter.CanConvert(typeof(Nullable<>).MakeGenericType(word)), word.Name));
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
