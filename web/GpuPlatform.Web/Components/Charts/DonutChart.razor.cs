using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>ApexCharts behind shares; its script is fetched when the first ring is drawn. Redrawn only for another list of shares.</summary>
public sealed partial class DonutChart
{
    private readonly ChartScript _script = new();
    private ElementReference _root;
    private IReadOnlyList<KindShare>? _drawn;
    private bool _drawing;

    [Parameter, EditorRequired] public required IReadOnlyList<KindShare> Shares { get; set; }

    private string Description =>
        "GPU memory by kind of work: " + string.Join(", ", Shares.Select(share => $"{KindLabel.Of(share.Kind)} {Quantity.Percent(share.Percent)}"));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing || _script.IsDisposed) return;
        _drawing = true;
        try
        {
            while (!ReferenceEquals(_drawn, Shares) && !_script.IsDisposed)
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
        if (await _script.ChartAsync(Js, "/" + Assets["js/donut-chart.js"], _root, "/" + Assets["lib/apexcharts/apexcharts.min.js"]) is not { } chart) return;
        await chart.InvokeVoidAsync("set", shares.Select(share =>
            new { Key = KindLabel.Key(share.Kind), Label = KindLabel.Of(share.Kind), share.Percent }));
    }

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The ring of memory by kind could not be drawn")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
