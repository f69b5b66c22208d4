using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>A chart in the browser, and the script that draws it: fetched and made when it is first drawn, let go with its component.</summary>
internal sealed class ChartScript : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;

    public bool IsDisposed { get; private set; }

    /// <summary>The chart; null when its component went while it was made.</summary>
    /// <param name="js">The browser.</param>
    /// <param name="address">Of the script.</param>
    /// <param name="arguments">Of the script's <c>create</c>.</param>
    public async ValueTask<IJSObjectReference?> ChartAsync(IJSRuntime js, string address, params object?[] arguments)
    {
        if (_chart is not null) return _chart;
        _module = await js.InvokeAsync<IJSObjectReference>("import", address);
        _chart = await _module.InvokeAsync<IJSObjectReference>("create", arguments);
        if (IsDisposed) await ReleaseAsync();
        return _chart;
    }

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        await ReleaseAsync();
    }

    private async Task ReleaseAsync()
    {
        var (chart, module) = (_chart, _module);
        (_chart, _module) = (null, null);
        try
        {
            if (chart is not null)
            {
                await chart.InvokeVoidAsync("dispose");
                await chart.DisposeAsync();
            }
            if (module is not null) await module.DisposeAsync();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The browser has left and took the chart with it
        }
    }
}
