using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>ApexCharts behind shares; its script is fetched when the first ring is drawn. Redrawn only for another list of shares.</summary>
public sealed partial class DonutChart
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private IReadOnlyList<KindShare>? _drawn;
    private bool _drawing;
    private bool _disposed;

    [Parameter, EditorRequired] public required IReadOnlyList<KindShare> Shares { get; set; }

    private string Description =>
        "GPU memory by kind of work: " + string.Join(", ", Shares.Select(share => $"{KindLabel.Of(share.Kind)} {Quantity.Percent(share.Percent)}"));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing || _disposed) return;
        _drawing = true;
        try
        {
            while (!ReferenceEquals(_drawn, Shares) && !_disposed)
            {
                var shares = Shares;
                await DrawAsync(shares);
                _drawn = shares;
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The circuit is gone, and the chart with it
        }
        catch (JSException exception)
        {
            // The list beside the ring says the same, so the page stays whole
            Log.Failed(Logger, exception);
            _drawn = Shares;
        }
        finally
        {
            _drawing = false;
        }
    }

    private async Task DrawAsync(IReadOnlyList<KindShare> shares)
    {
        if (_chart is null)
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/donut-chart.js"]);
            _chart = await _module.InvokeAsync<IJSObjectReference>("create", _root, "/" + Assets["lib/apexcharts/apexcharts.min.js"]);
            if (_disposed)
            {
                await ReleaseAsync();
                return;
            }
        }
        await _chart.InvokeVoidAsync("set", shares.Select(share =>
            new { Key = KindLabel.Key(share.Kind), Label = KindLabel.Of(share.Kind), share.Percent }));
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The ring of memory by kind could not be drawn")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
