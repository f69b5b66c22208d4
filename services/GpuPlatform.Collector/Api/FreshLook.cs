using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Api;

/// <summary>
/// Readings taken because somebody asks. However many ask at once, the driver is asked once; and whoever asks waits for it a short while only,
/// because a driver that hangs would hold up every client there is.
/// </summary>
internal sealed partial class FreshLook(Func<bool> look, TimeProvider clock, ILogger<FreshLook> logger)
{
    internal static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private long _beganAt;
    private long? _endedAt;

    /// <summary>Ends when the last sample is fresh, or cannot be made so. Returns why it is not; null when it is.</summary>
    public async Task<string?> TakeAsync(CancellationToken cancellation)
    {
        Task running;
        lock (_gate)
        {
            // One that hangs does not stand in the way for ever: the GPU it hangs at is not asked by the next
            if (_running.IsCompleted || clock.GetElapsedTime(_beganAt) > Patience)
            {
                if (_running.IsCompleted && _endedAt is { } at && clock.GetElapsedTime(at) < FreshFor)
                    return null;
                _beganAt = clock.GetTimestamp();
                _running = Task.Run(Look, CancellationToken.None);
            }
            running = _running;
        }
        try
        {
            await running.WaitAsync(Patience, clock, cancellation);
            return null;
        }
        catch (TimeoutException)
        {
            return $"the driver has not answered within {Patience.TotalSeconds:F0} s; these are the readings of the last tick";
        }
        catch (LookFailedException e)
        {
            return $"{e.Message}; these are the readings of the last tick";
        }
    }

    private void Look()
    {
        try
        {
            if (!look())
                throw new TimeoutException("another reading is under way and takes long");
            lock (_gate)
                _endedAt = clock.GetTimestamp();
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
            throw new LookFailedException(e.Message, e);
        }
    }

    private sealed class LookFailedException(string message, Exception inner) : Exception(message, inner);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A look at the GPUs that somebody asked for failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
