namespace GpuPlatform.History.Queries;

/// <summary>How a range of time becomes points: the readings themselves, or averages over steps.</summary>
/// <param name="Step">Width of a step; two points further apart have a gap between them.</param>
/// <param name="IsRaw">True when every reading is a point of its own.</param>
internal readonly record struct StepWidth(TimeSpan Step, bool IsRaw)
{
    private const int MostPoints = 600;
    private const int MostBars = 100;

    /// <summary>A reading may come this much later than the cadence before it counts as missing.</summary>
    private const double RawTolerance = 1.5;

    private static readonly int[] RoundSeconds = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600];

    /// <summary>
    /// Chooses for a range that holds series of these cadences (null when nothing was measured). Readings are shown as they are while
    /// they fit and are no denser than one a second: bins as narrow as the cadence would stay empty whenever a reading comes a moment late.
    /// Otherwise a bin is at least two cadences wide, so that only a missing reading can leave it empty.
    /// </summary>
    public static StepWidth For(TimeSpan range, TimeSpan? fastest, TimeSpan? slowest)
    {
        var wanted = range.TotalSeconds / MostPoints;
        if (fastest is not { TotalSeconds: > 0 } fast || slowest is not { } slow)
            return new StepWidth(Round(wanted), false);
        if (fast.TotalSeconds >= 0.95 && range / fast <= MostPoints * 1.05)
            return new StepWidth(TimeSpan.FromSeconds(Math.Ceiling(slow.TotalSeconds * RawTolerance * 10) / 10), true);
        // A jittering clock measures 1.999 s or 2.004 s: the step must not jump between two round values for it.
        return new StepWidth(Round(Math.Max(wanted, slow.TotalSeconds * 2 * 0.95)), false);
    }

    /// <summary>For counts, which are drawn as bars: at most about a hundred.</summary>
    public static TimeSpan ForBars(TimeSpan range) => Round(range.TotalSeconds / MostBars);

    private static TimeSpan Round(double seconds)
    {
        foreach (var round in RoundSeconds)
            if (round >= seconds)
                return TimeSpan.FromSeconds(round);
        return TimeSpan.FromSeconds(RoundSeconds[^1] * Math.Ceiling(seconds / RoundSeconds[^1]));
    }
}
