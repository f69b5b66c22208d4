using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>The official clients see the same through the proxy as they do without it, call by call; and what they did is recorded as it was.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ClientTests(RunningSystem system, ClientRuns runs) : IClassFixture<ClientRuns>
{
    [Fact]
    public void Every_call_of_the_official_clients_is_the_same_through_the_proxy()
    {
        Assert.All(runs.Direct.Steps.Zip(runs.Proxied.Steps), step => Assert.Equal(step.First.GetRawText(), step.Second.GetRawText()));
        Assert.Equal(runs.Direct.Steps.Count, runs.Proxied.Steps.Count);
        Assert.Equal(runs.Direct.Seen.Select(Line), runs.Proxied.Seen.Select(Line));

        static string Line(Tests.Doubles.Ollama.SeenRequest request) => $"{request.Method} {request.Target} {request.Model} {request.Status} {request.CompletionTokens}";
    }

    [Fact]
    public void The_calls_do_what_their_names_say()
    {
        var failed = runs.Direct.Steps.Where(step => step.TryGetProperty("error", out _)).Select(step => step.GetProperty("name").GetString()!).ToList();

        Assert.True(runs.Direct.Steps.Count > 120, $"only {runs.Direct.Steps.Count} calls were made");
        Assert.All(failed, name => Assert.Matches(@"\.(an? |abort|stream of an unknown|show of an unknown|pull.* of what is missing|create stream from nothing|\w+ of nothing|systemone|models\.(delete|retrieve of|list)|responses\.retrieve|messages\.countTokens|completions stream of)", name));
        Assert.Contains(runs.Direct.Steps, step => step.GetRawText().Contains("👩‍🚀", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_tokens_that_are_recorded_are_those_of_the_server()
    {
        var asked = runs.Proxied.Seen.Where(request => RecordedRequests.IsAtModel(request.Method, request.Target)).ToList();
        var records = await RecordedRequests.SinceAsync(system, runs.Proxied.StartedAt, asked.Count);

        // Two that run side by side may end in either order
        var counted = records.Select(record => (record.Endpoint, record.Model, Prompt: Told(record, record.PromptTokens), record.CompletionTokens ?? 0));
        var expected = asked.Select(request => (Path(request.Target), request.Model, Prompt: request.Target == "/api/embeddings" ? null : (long?)request.PromptTokens, (long)(request.CompletionTokens ?? 0)));
        Assert.All(counted.Zip(expected), pair => Assert.Equal(
            (pair.Second.Item1, pair.Second.Model, pair.First.Prompt is null ? null : pair.Second.Prompt, pair.Second.Item4), pair.First));
        Assert.Equal(asked.Count, records.Count);
    }

    /// <summary>A reply that broke off told nothing of its prompt.</summary>
    static long? Told(LlmRequestCompleted record, long? tokens) => record.Outcome == LlmOutcome.Ok ? tokens : null;

    static string Path(string target) => target.Split('?')[0];
}
