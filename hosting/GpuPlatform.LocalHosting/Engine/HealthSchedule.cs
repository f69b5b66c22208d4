namespace GpuPlatform.LocalHosting.Engine;

/// <summary>When to look again: Aspire's 1, 2, 3, 4, 5, 5 ... s while unhealthy and 30 s while healthy, but quickly during a start.</summary>
internal static class HealthSchedule
{
    public static readonly TimeSpan StartPhase = TimeSpan.FromSeconds(20);

    public static TimeSpan Next(bool isHealthy, bool wasEverHealthy, TimeSpan sinceStart, int failures)
    {
        if (isHealthy) return TimeSpan.FromSeconds(30);
        if (!wasEverHealthy && sinceStart < StartPhase) return TimeSpan.FromMilliseconds(250);
        return TimeSpan.FromSeconds(Math.Clamp(failures, 1, 5));
    }
}
