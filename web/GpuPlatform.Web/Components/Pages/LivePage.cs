using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>A page that follows the store at its own pace: at most two renders a second, however many events arrive.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan RenderEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AgesMoveEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _left = new();

    [Inject] internal LiveStore Store { get; set; } = null!;
    [Inject] internal TimeProvider Time { get; set; } = null!;
    [Inject] internal IJSRuntime Js { get; set; } = null!;

    private protected FeedState State { get; private set; } = new();

    private protected DateTimeOffset Now { get; private set; }

    /// <summary>Null until the browser has said, and when it does not.</summary>
    private protected TimeZoneInfo? Zone { get; private set; }

    private protected bool IsInteractive { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    private protected CancellationToken Left { get; }

    protected LivePage() => Left = _left.Token;

    protected override void OnInitialized() => Take();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        IsInteractive = true;
        _ = FollowAsync(Left);
        StateHasChanged();
        Zone = await BrowserZone.ReadAsync(Js, "/" + Assets["js/time-zone.js"]);
        await OnZoneKnownAsync();
    }

    /// <summary>Reads what the page shows from the state that has just been taken.</summary>
    private protected abstract void Read();

    /// <summary>Called once, when the browser's time zone is known or known to be unknown.</summary>
    private protected virtual Task OnZoneKnownAsync() => Task.CompletedTask;

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var subscription = Store.Subscribe();
        try
        {
            while (true)
            {
                await subscription.WaitAsync(AgesMoveEvery, cancellationToken);
                await InvokeAsync(Refresh);
                await Task.Delay(RenderEvery, Time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private void Refresh()
    {
        Take();
        StateHasChanged();
    }

    private void Take()
    {
        State = Store.State;
        Now = Time.GetUtcNow();
        Read();
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }
}
