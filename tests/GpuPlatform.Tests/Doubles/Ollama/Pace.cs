using System.Diagnostics;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Waits for instants counted from a start, so that no lateness adds up.</summary>
internal sealed class Pace(CancellationToken cancellation)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public async ValueTask WaitAsync(TimeSpan due)
    {
        while (due - Stopwatch.GetElapsedTime(_start) is var left && left > TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), cancellation);
    }

    /// <summary>Waits until the client is gone, or as long as <paramref name="patience"/> goes.</summary>
    public static async Task UntilAbortedAsync(TimeSpan patience, CancellationToken aborted)
    {
        try
        {
            await Task.Delay(patience, aborted);
        }
        catch (OperationCanceledException)
        {
            // What was waited for
        }
    }
}
