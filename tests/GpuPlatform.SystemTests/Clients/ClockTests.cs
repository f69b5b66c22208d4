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

        // Reply by reply, and by a calm one: a busy machine makes a client later than it is, and no reply's record earlier than it was
        Assert.InRange(Calm(first.Select(pair => Math.Abs(pair.Recorded - pair.Client))), 0, Math.Max(Milliseconds, Share * Calm(first.Select(pair => pair.Client))));
        Assert.InRange(Calm(rate.Select(pair => Math.Abs(pair.Recorded / pair.Client - 1))), 0, Share);
        Assert.All(records, record => Assert.Equal((LlmOutcome.Ok, ScriptedModels.Paced.Reply.Pieces!.Count), (record.Outcome, record.CompletionTokens)));
    }

    static string Text(List<(double Client, double Recorded)> pairs) => string.Join(", ", pairs.Select(pair => $"{pair.Client:0.00} {pair.Recorded:0.00}"));

    /// <summary>The lower quartile.</summary>
    static double Calm(IEnumerable<double> values) => values.Order().ElementAt(Replies / 4);
}
