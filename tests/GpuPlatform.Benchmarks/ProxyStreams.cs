using System.Globalization;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// Token streams through the collector, through nginx without buffering and through YARP's forwarder, against the same server asked directly: all in turns,
/// so that what the machine does beside hits them alike. Reported are medians over the rounds.
/// </summary>
internal static class ProxyStreams
{
    private const int Rounds = 5;
    private const int WarmUps = 8;
    private static readonly Load[] Loads =
    [
        new("first token (200 requests of one token)", 1, 200, 1, 0),
        new("one stream at 200 tokens/s", 1, 1, 1000, 200),
        new("100 streams at 100 tokens/s", 100, 1, 500, 100),
        new("one stream as fast as it goes", 1, 1, 150_000, 0),
    ];

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gpuplatform-proxy-").FullName;
        using var tool = new StreamTool(ProxyContender.FreePort());
        var contenders = new List<ProxyContender> { new("direct", tool.Port, null) };
        try
        {
            contenders.Add(ProxyContender.Nginx(tool.Port, folder));
            contenders.Add(ProxyContender.Collector(tool.Port, folder));
            contenders.Add(ProxyContender.Yarp(tool.Port));
            foreach (var contender in contenders) await contender.WhenUpAsync();
            // The runtime compiles its busiest code again, and does not hurry
            foreach (var contender in contenders)
                for (var i = 0; i < WarmUps; i++)
                    foreach (var load in Loads) await tool.AskAsync(contender.Port, load.Streams, load.Requests, load.Tokens, load.Rate * 5);
            foreach (var load in Loads) await MeasureAsync(tool, contenders, load);
        }
        finally
        {
            foreach (var contender in contenders) contender.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(StreamTool tool, List<ProxyContender> contenders, Load load)
    {
        var results = contenders.ConvertAll(_ => new List<Measured>());
        for (var round = 0; round < Rounds; round++)
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                var i = (turn + round) % contenders.Count;
                var before = contenders[i].Cpu;
                var seen = await tool.AskAsync(contenders[i].Port, load.Streams, load.Requests, load.Tokens, load.Rate);
                results[i].Add(new(seen, contenders[i].Cpu - before));
            }

        Console.WriteLine($"{load.Name}:");
        for (var i = 0; i < contenders.Count; i++)
        {
            var of = results[i];
            Write($"  {contenders[i].Name,-22} first {Median(of, m => m.Seen.FirstP50),8:0} µs  token p50 {Median(of, m => m.Seen.LatencyP50),7:0} p99 {Median(of, m => m.Seen.LatencyP99),7:0} µs");
            Write($"  {Median(of, m => m.Seen.Tokens / m.Seen.Seconds),9:0} tokens/s");
            if (i > 0)
            {
                Write($"  {Median(of, m => m.Cpu.TotalMicroseconds / m.Seen.Tokens),6:0.0} µs CPU a token, {Median(of, m => m.Cpu.TotalSeconds / m.Seen.Seconds),5:0.000} cores");
                Write($"  added: first {Added(results, i, m => m.FirstP50),5:0}, token p50 {Added(results, i, m => m.LatencyP50),5:0} µs; rate {Ratio(results, i),4:0.00}");
            }
            Console.WriteLine();
        }
    }

    private static double Added(List<List<Measured>> results, int contender, Func<StreamResult, double> value) =>
        Median(results[contender].Zip(results[0], (ours, direct) => value(ours.Seen) - value(direct.Seen)));

    private static double Ratio(List<List<Measured>> results, int contender) =>
        Median(results[contender].Zip(results[0], (ours, direct) => direct.Seen.Seconds / ours.Seen.Seconds));

    private static double Median(IEnumerable<Measured> rounds, Func<Measured, double> value) => Median(rounds.Select(value));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Write(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Load(string Name, int Streams, int Requests, long Tokens, long Rate);

    private sealed record Measured(StreamResult Seen, TimeSpan Cpu);
}
