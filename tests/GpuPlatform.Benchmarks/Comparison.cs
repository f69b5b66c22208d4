using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace GpuPlatform.Benchmarks;

/// <summary>One way of doing the work.</summary>
internal sealed record Contender(string Name, Func<Task> Work)
{
    public Contender(string name, Action work) : this(name, () =>
    {
        work();
        return Task.CompletedTask;
    })
    {
    }
}

/// <summary>
/// Runs several ways of doing the same thing in turns, in one process, and reports the median of the ratios of the rounds: what the
/// machine does beside us hits neighbours alike, so a ratio holds where a time in microseconds does not.
/// </summary>
internal static class Comparison
{
    private const int Rounds = 25;

    // The compiler improves the code until it rests, which it does in the background and in several steps
    private const int LeastWarmUpRounds = 4;
    private const int MostWarmUpRounds = 40;
    private const int QuietRounds = 3;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(200);

    /// <summary>Compares the first contender with every other; each call does <paramref name="unitsPerCall"/> units of work.</summary>
    public static async Task RunAsync(string title, string unit, int unitsPerCall, params Contender[] contenders)
    {
        var calls = new int[contenders.Length];
        for (var i = 0; i < contenders.Length; i++)
            calls[i] = await CallsPerRoundAsync(contenders[i].Work);
        for (int round = 0, quiet = 0; round < LeastWarmUpRounds || (quiet < QuietRounds && round < MostWarmUpRounds); round++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await RoundAsync(round);
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
        var rounds = new List<Cost[]>();
        while (rounds.Count < Rounds)
            rounds.Add(await RoundAsync(rounds.Count));
        Report(title, unit, contenders, rounds);

        async Task<Cost[]> RoundAsync(int round)
        {
            var costs = new Cost[contenders.Length];
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                // Each in another place every round: what one leaves behind (garbage, dirty pages) must not always hit the same other
                var i = (turn + round) % contenders.Length;
                costs[i] = await MeasureAsync(contenders[i].Work, calls[i], unitsPerCall);
            }
            return costs;
        }
    }

    private static void Report(string title, string unit, Contender[] contenders, List<Cost[]> rounds)
    {
        Console.WriteLine($"{title}, per {unit}:");
        for (var i = 0; i < contenders.Length; i++)
        {
            var at = i;
            var time = Median(rounds.Select(costs => costs[at].Microseconds));
            var cpu = Median(rounds.Select(costs => costs[at].CpuMicroseconds));
            var bytes = Median(rounds.Select(costs => costs[at].AllocatedBytes));
            Write($"  {contenders[i].Name,-46} {time,10:0.000} µs  {cpu,10:0.000} µs CPU  {bytes,7:0} B");
            if (i == 0)
            {
                Console.WriteLine();
                continue;
            }

            var ratios = rounds.Select(costs => costs[0].Microseconds / costs[at].Microseconds).Order().ToList();
            var cpuRatio = Median(rounds.Select(costs => costs[0].CpuMicroseconds / costs[at].CpuMicroseconds));
            Write($"  ours is {Ratio(ratios[Rounds / 2])} of it (half of the rounds {Ratio(ratios[Rounds / 4])}-{Ratio(ratios[Rounds * 3 / 4])}), CPU {Ratio(cpuRatio)}\n");
        }
    }

    private static async Task<int> CallsPerRoundAsync(Func<Task> work)
    {
        for (var calls = 1; ; calls *= 2)
        {
            var clock = Stopwatch.StartNew();
            for (var call = 0; call < calls; call++)
                await work();
            if (clock.Elapsed >= RoundLength)
                return calls;
        }
    }

    private static async Task<Cost> MeasureAsync(Func<Task> work, int calls, int unitsPerCall)
    {
        var units = (double)calls * unitsPerCall;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        for (var call = 0; call < calls; call++)
            await work();
        var elapsed = clock.Elapsed;
        var used = Environment.CpuUsage.TotalTime - cpu;
        return new Cost(elapsed.TotalMicroseconds / units, used.TotalMicroseconds / units, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / units);
    }

    private static string Ratio(double ratio) => ratio < 0.01 ? FormattableString.Invariant($"1/{1 / ratio:0}") : FormattableString.Invariant($"{ratio:0.00}");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Write(FormattableString text) => Console.Write(text.ToString(CultureInfo.InvariantCulture));

    private readonly record struct Cost(double Microseconds, double CpuMicroseconds, double AllocatedBytes);
}
