using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>A live page that asks History for the past as well: while it is open again and again, at once when its view changes, and soon after a failure.</summary>
public abstract class PastPage : LivePage
{
    // Whoever looks at a failure waits for its end
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(3);

    private FeedSubscription _wishes = null!;
    private CancellationTokenSource? _reading;

    private protected abstract TimeSpan ReadEvery { get; }

    /// <summary>True when the last attempt failed.</summary>
    private protected abstract bool HasFailed { get; }

    protected override void OnInitialized()
    {
        _wishes = new FeedSubscription(Time, static _ => { });
        base.OnInitialized();
    }

    /// <summary>Asks History, and takes its answer.</summary>
    private protected abstract Task AskAsync(CancellationToken cancellationToken);

    /// <summary>Has History asked without waiting for the interval.</summary>
    private protected void AskSoon() => _wishes.Notify();

    /// <summary>Another view: what is being asked is no longer wanted.</summary>
    private protected void AskAnew()
    {
        Read();
        _reading?.Cancel();
        _wishes.Notify();
    }

    private protected override async Task OnZoneKnownAsync()
    {
        try
        {
            while (true)
            {
                await AskOnceAsync();
                await _wishes.WaitAsync(HasFailed ? RetryAfter : ReadEvery, Left);
            }
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
        }
    }

    private async Task AskOnceAsync()
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(Left);
        _reading = reading;
        try
        {
            await AskAsync(reading.Token);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (!Left.IsCancellationRequested)
        {
            // The view has changed: what was asked is no longer wanted
        }
        finally
        {
            _reading = null;
        }
    }
}
