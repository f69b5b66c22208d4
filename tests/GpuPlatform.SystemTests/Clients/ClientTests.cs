using System.Text;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>The official clients see the same through the proxy as they do without it, call by call; and what they did is recorded as it was.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ClientTests(RunningSystem system, ClientRuns runs) : IClassFixture<ClientRuns>
{
    [Fact]
    public void Every_call_of_the_official_clients_is_the_same_through_the_proxy()
    {
        Same.Assert(runs.Direct.Steps.Select(step => step.GetRawText()), runs.Proxied.Steps.Select(step => step.GetRawText()));
        Same.Assert(runs.Direct.Seen.Select(Line), runs.Proxied.Seen.Select(Line));

        static string Line(SeenRequest request) => $"{request.Method} {request.Target} {request.Model} {request.Status} {request.CompletionTokens}";
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

        Same.Assert(asked.Zip(records, Expected), records.Select(record => $"{record.Endpoint} {record.Model}: {Tokens(record.PromptTokens, record.CompletionTokens, record.CachedTokens)}"));
        Assert.Equal(asked.Count, records.Count);
        Assert.DoesNotContain(records, record => record.Unparsed);
        Assert.All(asked.Zip(records), pair => Assert.True(pair.Second.Outcome != LlmOutcome.Ok || pair.Second.TokensEstimated == Declines(pair.First)));
    }

    // A client that says it wants no counts is taken at its word: they are counted on the way
    static bool Declines(SeenRequest request) => Encoding.UTF8.GetString(request.Body).Contains("\"include_usage\":false", StringComparison.Ordinal);

    // A reply that broke off told nothing of its prompt, and the oldest address for embeddings never does
    static string Expected(SeenRequest request, LlmRequestCompleted record)
    {
        var tellsPrompt = record.Outcome == LlmOutcome.Ok && record.Endpoint != "/api/embeddings" && !Declines(request);
        return $"{Path(request.Target)} {request.Model}: {Tokens(tellsPrompt ? request.PromptTokens : record.PromptTokens, request.CompletionTokens, record.CachedTokens)}";
    }

    static string Tokens(long? prompt, long? completion, long? cached) => $"prompt {prompt}, cached {cached}, completion {completion ?? 0}";

    static string Path(string target) => target.Split('?')[0];
}
