namespace GpuPlatform.Collector.Simulated;

/// <summary>
/// What happens on the simulated desktop, as a function of the seconds since it began. A cycle of five minutes: a model is loaded
/// from the start, a game comes after twelve seconds and goes, the model is unloaded, the desktop rests, the model returns.
/// </summary>
internal sealed class Scene(Noise noise)
{
    public const double CycleSeconds = 300;
    private const double GameFrom = 12;
    private const double GameTo = 170;
    private const double GameLoads = 10;
    private const double ModelUnloads = 215;
    private const double ModelReturns = 245;
    private const double BurstEvery = 20;
    private const double StreamFrom = 30;

    /// <summary>Number of the game session that runs, counted from 0; null while none does.</summary>
    public static int? GameSession(double seconds) => Within(seconds) is >= GameFrom and < GameTo ? Cycle(seconds) : null;

    /// <summary>Number of the model server's session, counted from 0; it was loaded before the scene began.</summary>
    public static int? ModelSession(double seconds) => Within(seconds) switch
    {
        < ModelUnloads => Cycle(seconds),
        >= ModelReturns => Cycle(seconds) + 1,
        _ => null,
    };

    public static double GameStartedAt(int session) => session * CycleSeconds + GameFrom;

    public static double ModelStartedAt(int session) => session * CycleSeconds - (CycleSeconds - ModelReturns);

    /// <summary>Share of the GPU that the game takes, 0 to 1.</summary>
    public double GameLoad(double seconds)
    {
        if (GameSession(seconds) is null)
            return 0;
        var played = Within(seconds) - GameFrom;
        return played < GameLoads ? 0.25 + 0.15 * noise.At(1, seconds, 2) : 0.90 + 0.08 * noise.At(1, seconds, 5);
    }

    /// <summary>Share of the GPU that the model takes while it answers: bursts of 7 to 13 s.</summary>
    public double ModelLoad(double seconds)
    {
        if (ModelSession(seconds) is null)
            return 0;
        var burst = Math.Floor(seconds / BurstEvery);
        var lasts = 10 + 3 * noise.At(2, burst * BurstEvery, BurstEvery);
        return seconds - burst * BurstEvery < lasts ? 0.88 + 0.08 * noise.At(3, seconds, 3) : 0;
    }

    /// <summary>Share of the GPU that drawing the desktop takes.</summary>
    public double DesktopLoad(double seconds) => 0.04 + 0.03 * noise.At(4, seconds, 4);

    /// <summary>Share of the encoder that streaming the game to friends takes; it begins some time after the game.</summary>
    public double StreamLoad(double seconds) =>
        GameSession(seconds) is null || Within(seconds) < StreamFrom ? 0 : 0.24 + 0.06 * noise.At(5, seconds, 3);

    /// <summary>Share of the decoder that a video in the browser takes, watched while nobody plays.</summary>
    public double VideoLoad(double seconds) => GameSession(seconds) is null ? 0.07 + 0.03 * noise.At(6, seconds, 6) : 0;

    private static double Within(double seconds) => seconds - Cycle(seconds) * CycleSeconds;

    private static int Cycle(double seconds) => (int)Math.Floor(seconds / CycleSeconds);
}
