using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>What is recorded of a reply's timing is what its client measured.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ClockTests(RunningSystem system)
{
    const int Replies = 9;
    const double Share = 0.05, Milliseconds = 2;

    [Fact]
    public async Task Time_to_first_token_and_tokens_per_second_are_those_of_the_clients_clock()
    {
        system.Ollama.StandingClock = null;
        system.Ollama.Restart(ScriptedModels.All);
        var startedAt = DateTimeOffset.UtcNow;
        var told = (await NodeScript.RunAsync("clock.mjs", system.Proxy.GetLeftPart(UriPartial.Authority), ScriptedModels.Paced.Name, $"{Replies}")).EnumerateArray().ToList();
        var records = await RecordedRequests.SinceAsync(system, startedAt, Replies);

        var first = told.Zip(records, (client, record) => (Client: client.GetProperty("firstTokenMs").GetDouble(), Recorded: record.TimeToFirstTokenMs!.Value)).ToList();
        var rate = told.Zip(records, (client, record) => (Client: client.GetProperty("tokensPerSecond").GetDouble(), Recorded: record.TokensPerSecondWire!.Value)).ToList();
        TestContext.Current.SendDiagnosticMessage($"first token, client and recorded, ms: {Text(first)}; tokens per second: {Text(rate)}");

        // Reply by reply, so that what the machine does to one of them is in both
        Assert.InRange(Median(first.Select(pair => pair.Recorded - pair.Client)), -Allowed(first), Allowed(first));
        Assert.InRange(Median(rate.Select(pair => pair.Recorded / pair.Client)), 1 - Share, 1 + Share);
        Assert.All(records, record => Assert.Equal((LlmOutcome.Ok, ScriptedModels.Paced.Reply.Pieces!.Count), (record.Outcome, record.CompletionTokens)));
    }

    static double Allowed(List<(double Client, double Recorded)> times) => Math.Max(Milliseconds, Share * Median(times.Select(pair => pair.Client)));

    static string Text(List<(double Client, double Recorded)> pairs) => string.Join(", ", pairs.Select(pair => $"{pair.Client:0.00} {pair.Recorded:0.00}"));

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(Replies / 2);
}
