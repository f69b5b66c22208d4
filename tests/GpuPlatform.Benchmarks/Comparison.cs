using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// Times two ways of doing the same thing in turns, in one process, and reports the ratio of their medians: what the machine does
/// beside us hits both alike, so the ratio holds where a time in microseconds does not.
/// </summary>
internal static class Comparison
{
    const int Rounds = 21;
    static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(100);

    /// <summary>Compares <paramref name="ours"/> with a named yardstick; each call does <paramref name="unitsPerCall"/> units of work.</summary>
    public static async Task RunAsync(string title, string unit, int unitsPerCall, Func<Task> ours, string yardstickName, Func<Task> yardstick)
    {
        var oursCalls = await CallsPerRoundAsync(ours);
        var yardstickCalls = await CallsPerRoundAsync(yardstick);
        var oursRounds = new List<Measurement>(Rounds);
        var yardstickRounds = new List<Measurement>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            oursRounds.Add(await MeasureAsync(ours, oursCalls));
            yardstickRounds.Add(await MeasureAsync(yardstick, yardstickCalls));
        }

        var (a, b) = (Median(oursRounds), Median(yardstickRounds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{title}: {a.Microseconds / unitsPerCall:0.###} µs and {a.AllocatedBytes / unitsPerCall:0} B per {unit}; "
            + $"{yardstickName}: {b.Microseconds / unitsPerCall:0.###} µs and {b.AllocatedBytes / unitsPerCall:0} B; "
            + $"ratio {a.Microseconds / b.Microseconds:0.00}"));
    }

    static async Task<int> CallsPerRoundAsync(Func<Task> work)
    {
        await work();
        var calls = 1;
        while (true)
        {
            var clock = Stopwatch.StartNew();
            for (var call = 0; call < calls; call++)
            {
                await work();
            }

            if (clock.Elapsed >= RoundLength)
            {
                return calls;
            }

            calls *= 2;
        }
    }

    static async Task<Measurement> MeasureAsync(Func<Task> work, int calls)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        for (var call = 0; call < calls; call++)
        {
            await work();
        }

        var elapsed = clock.Elapsed;
        return new Measurement(elapsed.TotalMicroseconds / calls, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / calls);
    }

    static Measurement Median(List<Measurement> rounds) => new(
        rounds.Select(round => round.Microseconds).Order().ElementAt(Rounds / 2),
        rounds.Select(round => round.AllocatedBytes).Order().ElementAt(Rounds / 2));

    readonly record struct Measurement(double Microseconds, double AllocatedBytes);
}
