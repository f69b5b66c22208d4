using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>uPlot's bars behind plain numbers. Redrawn only for another stack.</summary>
public sealed partial class StackedChart
{
    private readonly ChartScript _script = new();
    private ElementReference _root;
    private TokenColumns? _drawn;
    private bool _drawing;
    private bool _failed;

    [Parameter, EditorRequired] public required string Label { get; set; }
    [Parameter, EditorRequired] public required TokenColumns Stack { get; set; }

    /// <summary>How a sum is told to those who do not see the columns; null: as a count of the stack's unit.</summary>
    [Parameter] public Func<double, string>? Words { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing || _failed || _script.IsDisposed) return;
        _drawing = true;
        try
        {
            while (!ReferenceEquals(_drawn, Stack) && !_script.IsDisposed)
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
        if (await _script.ChartAsync(Js, "/" + Assets["js/stacked-chart.js"], _root) is not { } chart) return;
        await chart.InvokeVoidAsync("set", stack);
    }

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A chart of columns over time could not be drawn")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
