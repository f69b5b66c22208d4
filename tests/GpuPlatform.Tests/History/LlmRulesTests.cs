using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History;

public sealed class LlmRulesTests
{
    private readonly LlmRules _rules = new(new MessageRules(new ManualTimeProvider(Samples.Now), TimeSpan.FromMinutes(5)));

    [Fact]
    public void Messages_in_order_are_accepted()
    {
        Assert.Null(_rules.Check(LlmSamples.Request));
        Assert.Null(_rules.Check(LlmSamples.Request with { Model = null, TraceId = null, StatusCode = null, Content = new LlmContent { Request = "a\0b" } }));
        Assert.Null(_rules.Check(LlmSamples.Residency));
        Assert.Null(_rules.Check(LlmSamples.Activity(Samples.Now, LlmSamples.Running)));
        Assert.Null(_rules.Check(LlmSamples.Activity(Samples.Now) with { Servers = [] }));
    }

    public static TheoryData<string, LlmRequestCompleted> ImpossibleRequests => new()
    {
        { "empty:nodeId", LlmSamples.Request with { NodeId = null! } },
        { "empty:requestId", LlmSamples.Request with { RequestId = Guid.Empty } },
        { "in-the-future:startedAt", LlmSamples.Request with { StartedAt = Samples.Now.AddMinutes(6) } },
        { "too-old:startedAt", LlmSamples.Request with { StartedAt = default } },
        { "empty:server", LlmSamples.Request with { Server = " " } },
        { "empty:endpoint", LlmSamples.Request with { Endpoint = null! } },
        { "control-character:operation", LlmSamples.Request with { Operation = "ch\nat" } },
        { "too-long:model", LlmSamples.Request with { Model = new string('x', 513) } },
        { "too-long:error", LlmSamples.Request with { Error = new string('x', 1025) } },
        { "unknown:api", LlmSamples.Request with { Api = (LlmApi)99 } },
        { "unknown:outcome", LlmSamples.Request with { Outcome = (LlmOutcome)99 } },
        { "missing:client", LlmSamples.Request with { Client = null! } },
        { "empty:client.name", LlmSamples.Request with { Client = LlmSamples.Client with { Name = "" } } },
        { "not-positive:client.pid", LlmSamples.Request with { Client = LlmSamples.Client with { Pid = 0 } } },
        { "in-the-future:client.processStartedAt", LlmSamples.Request with { Client = LlmSamples.Client with { ProcessStartedAt = DateTimeOffset.MaxValue } } },
        { "out-of-range:statusCode", LlmSamples.Request with { StatusCode = 0 } },
        { "out-of-range:promptTokens", LlmSamples.Request with { PromptTokens = 3_000_000_000 } },
        { "out-of-range:completionTokens", LlmSamples.Request with { CompletionTokens = -1 } },
        { "not-a-number:durationMs", LlmSamples.Request with { DurationMs = double.NaN } },
        { "out-of-range:timeToFirstTokenMs", LlmSamples.Request with { TimeToFirstTokenMs = -0.5 } },
        { "out-of-range:decodeMs", LlmSamples.Request with { DecodeMs = 1e11 } },
        { "negative:responseBytes", LlmSamples.Request with { ResponseBytes = -1 } },
        { "out-of-range:energyJoules", LlmSamples.Request with { EnergyJoules = -1 } },
        { "missing:gpuUuids", LlmSamples.Request with { GpuUuids = null! } },
        { "empty:gpuUuids", LlmSamples.Request with { GpuUuids = [null!] } },
        { "not-hexadecimal:traceId", LlmSamples.Request with { TraceId = new string('g', 32) } },
        { "not-hexadecimal:traceId", LlmSamples.Request with { TraceId = "ab" } },
        { "too-long:content.response", LlmSamples.Request with { Content = new LlmContent { Response = new string('x', 4_194_305) } } },
        { "missing:content.requestHeaders", LlmSamples.Request with { Content = new LlmContent { RequestHeaders = new Dictionary<string, string> { ["a"] = null! } } } },
    };

    [Theory]
    [MemberData(nameof(ImpossibleRequests))]
    public void An_impossible_field_refuses_the_request_by_name(string problem, LlmRequestCompleted request) => Assert.Equal(problem, _rules.Check(request));

    [Fact]
    public void An_impossible_field_refuses_the_residency_by_name()
    {
        Assert.Equal("empty:model", _rules.Check(LlmSamples.Residency with { Model = null! }));
        Assert.Equal("unknown:change", _rules.Check(LlmSamples.Residency with { Change = (ResidencyChange)99 }));
        Assert.Equal("negative:vramBytes", _rules.Check(LlmSamples.Residency with { VramBytes = -1 }));
        Assert.Equal("too-old:changedAt", _rules.Check(LlmSamples.Residency with { ChangedAt = default }));
    }

    public static TheoryData<string, LlmActivity> ImpossibleActivities
    {
        get
        {
            var activity = LlmSamples.Activity(Samples.Now, LlmSamples.Running);
            return new()
            {
                { "empty:nodeId", activity with { NodeId = "" } },
                { "missing:servers", activity with { Servers = null! } },
                { "missing:servers", activity with { Servers = [null!] } },
                { "too-many:servers", activity with { Servers = [.. Enumerable.Repeat(LlmSamples.Server, 65)] } },
                { "missing:servers.resident", activity with { Servers = [LlmSamples.Server with { Resident = null! }] } },
                { "too-many:servers.available", activity with { Servers = [LlmSamples.Server with { Available = [.. Enumerable.Repeat(new AvailableModel { Name = "m" }, 4097)] }] } },
                { "too-long:servers.problem", activity with { Servers = [LlmSamples.Server with { Problem = new string('x', 1025) }] } },
                { "missing:inFlight", activity with { InFlight = null! } },
                { "too-many:inFlight", activity with { InFlight = [.. Enumerable.Repeat(LlmSamples.Running, 201)] } },
                { "missing:inFlight.client", activity with { InFlight = [LlmSamples.Running with { Client = null! }] } },
                { "negative:inFlight.tokens", activity with { InFlight = [LlmSamples.Running with { Tokens = -1 }] } },
                { "negative:inFlightCount", activity with { InFlightCount = -1 } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(ImpossibleActivities))]
    public void What_goes_on_is_bounded_and_complete(string problem, LlmActivity activity) => Assert.Equal(problem, _rules.Check(activity));
}
