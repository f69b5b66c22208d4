using System.Security.Cryptography;
using System.Text;
using GpuPlatform.SystemTests.Clients;
using GpuPlatform.SystemTests.Otlp;

namespace GpuPlatform.SystemTests;

[Collection(nameof(RunningSystem))]
public sealed class TraceTests(RunningSystem system)
{
    [Fact]
    public async Task One_trace_spans_the_collectors_publish_the_broker_and_the_insert()
    {
        var chain = await Eventually.Get("an insert whose ancestors reach back to the collector", () => Task.FromResult(FindInsert()));

        Assert.Contains(chain, span => span.Service == "history" && span.Scope == "MassTransit");
        Assert.Equal("collector", chain[^1].Service);
        Assert.Single(chain.Select(span => span.TraceId).Distinct());
    }

    [Fact]
    public async Task A_generation_is_a_part_of_its_callers_trace_and_so_is_the_insert_of_its_record()
    {
        system.Ollama.StandingClock = null;
        system.Ollama.Restart(ScriptedModels.All);
        var (trace, caller) = (RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(16, lowercase: true));
        using var client = new HttpClient { BaseAddress = system.Proxy };
        using var question = new HttpRequestMessage(HttpMethod.Post, "/api/chat")
        {
            Content = new StringContent("""{"model":"plain","messages":[{"role":"user","content":"go"}]}""", Encoding.UTF8, "application/json"),
        };
        question.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{caller}-01");
        using var reply = await client.SendAsync(question, TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode, $"{reply.StatusCode}");

        var generation = await Eventually.Get("the span of the generation", () => Task.FromResult(OfTrace(trace).FirstOrDefault(span => span.ParentSpanId == caller)));
        Assert.Equal(("collector", "chat plain"), (generation.Service, generation.Name));
        await Eventually.Holds("History's insert below it", () => OfTrace(trace).Any(span => span is { Service: "history", Scope: "Npgsql" } && IsBelow(generation, span)));
    }

    [Fact]
    public async Task Metrics_and_logs_arrive_over_otlp_too()
    {
        await Eventually.Holds("metrics and logs at the OTLP receiver", () => system.Otlp.MetricRequests > 0 && system.Otlp.LogRequests > 0);
    }

    [Fact]
    public async Task Server_spans_are_named_after_their_route_and_health_checks_leave_none()
    {
        await system.GetRealtimeAsync();

        await Eventually.Holds("a named server span", () => system.Otlp.Spans.Any(span => span.Name == "GET /api/realtime"));
        Assert.DoesNotContain(system.Otlp.Spans, span => span.Name.Contains("/health", StringComparison.Ordinal));
    }

    IEnumerable<SpanRecord> OfTrace(string trace) => system.Otlp.Spans.Where(span => span.TraceId == trace);

    bool IsBelow(SpanRecord ancestor, SpanRecord span)
    {
        var spans = OfTrace(ancestor.TraceId).DistinctBy(one => one.SpanId).ToDictionary(one => one.SpanId);
        var parent = span;
        while (parent is not null && parent.SpanId != ancestor.SpanId) parent = spans.GetValueOrDefault(parent.ParentSpanId);
        return parent is not null;
    }

    /// <summary>The spans from an Npgsql command in History up to the root of its trace; null until there is one.</summary>
    List<SpanRecord>? FindInsert()
    {
        var spans = system.Otlp.Spans.ToDictionary(span => span.SpanId);
        foreach (var insert in spans.Values.Where(span => span is { Service: "history", Scope: "Npgsql" }))
        {
            var chain = new List<SpanRecord> { insert };
            while (spans.TryGetValue(chain[^1].ParentSpanId, out var parent))
            {
                chain.Add(parent);
            }

            if (chain[^1] is { Service: "collector", ParentSpanId: "" })
            {
                return chain;
            }
        }

        return null;
    }
}
