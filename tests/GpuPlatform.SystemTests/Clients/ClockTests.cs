using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>What is recorded of a reply's timing is what its client measured.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ClockTests(RunningSystem system)
{
    const int Replies = 11;
    const double Share = 0.05, Milliseconds = 2;

    [Fact]
    public async Task Time_to_first_token_and_tokens_per_second_are_those_of_the_clients_clock()
    {
        system.Ollama.StandingClock = null;
        system.Ollama.Restart(ScriptedModels.All);
        var startedAt = DateTimeOffset.UtcNow;
        var told = (await NodeScript.RunAsync("clock.mjs", system.Proxy.GetLeftPart(UriPartial.Authority), ScriptedModels.Paced.Name, $"{Replies}")).EnumerateArray().ToList();
        var records = await RecordedRequests.SinceAsync(system, startedAt, Replies);

        var clientFirst = Median(told.Select(reply => reply.GetProperty("firstTokenMs").GetDouble()));
        var clientRate = Median(told.Select(reply => reply.GetProperty("tokensPerSecond").GetDouble()));
        var recordedFirst = Median(records.Select(record => record.TimeToFirstTokenMs!.Value));
        var recordedRate = Median(records.Select(record => record.TokensPerSecondWire!.Value));
        TestContext.Current.SendDiagnosticMessage(
            $"first token: client {clientFirst:0.00} ms, recorded {recordedFirst:0.00} ms; rate: client {clientRate:0.00}, recorded {recordedRate:0.00} tokens/s");

        Assert.InRange(recordedFirst, clientFirst - Math.Max(Milliseconds, Share * clientFirst), clientFirst + Math.Max(Milliseconds, Share * clientFirst));
        Assert.InRange(recordedRate, clientRate * (1 - Share), clientRate * (1 + Share));
        Assert.All(records, record => Assert.Equal((LlmOutcome.Ok, 40), (record.Outcome, record.CompletionTokens)));
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(Replies / 2);
}
