using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>uPlot's bars behind plain numbers. Redrawn only for another stack.</summary>
public sealed partial class StackedChart
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private TokenColumns? _drawn;
    private bool _drawing;
    private bool _disposed;
    private bool _failed;

    [Parameter, EditorRequired] public required string Label { get; set; }
    [Parameter, EditorRequired] public required TokenColumns Stack { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing || _failed || _disposed) return;
        _drawing = true;
        try
        {
            while (!ReferenceEquals(_drawn, Stack) && !_disposed)
            {
                var stack = Stack;
                await DrawAsync(stack);
                _drawn = stack;
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The circuit is gone, and the chart with it
        }
        catch (JSException exception)
        {
            Log.Failed(Logger, exception);
            _failed = true;
            StateHasChanged();
        }
        finally
        {
            _drawing = false;
        }
    }

    private async Task DrawAsync(TokenColumns stack)
    {
        if (_chart is null)
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/stacked-chart.js"]);
            _chart = await _module.InvokeAsync<IJSObjectReference>("create", _root);
            if (_disposed)
            {
                await ReleaseAsync();
                return;
            }
        }
        await _chart.InvokeVoidAsync("set", stack);
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
        [LoggerMessage(LogLevel.Warning, "The chart of tokens over time could not be drawn")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
