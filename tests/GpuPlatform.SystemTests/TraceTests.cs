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
