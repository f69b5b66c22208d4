namespace GpuPlatform.Tests.Doubles;

/// <summary>Waits for a condition that another thread brings about.</summary>
internal static class Until
{
    public static async Task True(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await timer.WaitForNextTickAsync(timeout.Token);
    }
}
