using System.Diagnostics;

namespace GpuPlatform.SystemTests;

/// <summary>Waits on conditions. Machines are shared and noisy, so the time-out is generous and the wait ends as soon as it can.</summary>
internal static class Eventually
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(90);

    /// <summary>Polls until <paramref name="probe"/> returns a value; an exception counts as "not yet".</summary>
    public static async Task<T> Get<T>(string what, Func<Task<T?>> probe, TimeSpan? timeout = null) where T : class
    {
        var limit = timeout ?? DefaultTimeout;
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            try
            {
                if (await probe() is { } value)
                {
                    return value;
                }

                last = null;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                last = error;
            }
        }
        while (clock.Elapsed < limit && await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken));
        throw new TimeoutException($"after {limit.TotalSeconds:0} s still not true: {what}", last);
    }

    /// <summary>Polls until <paramref name="condition"/> holds.</summary>
    public static Task Holds(string what, Func<Task<bool>> condition, TimeSpan? timeout = null) =>
        Get(what, async () => await condition() ? "yes" : null, timeout);

    /// <summary>Polls until <paramref name="condition"/> holds.</summary>
    public static Task Holds(string what, Func<bool> condition, TimeSpan? timeout = null) =>
        Holds(what, () => Task.FromResult(condition()), timeout);
}
