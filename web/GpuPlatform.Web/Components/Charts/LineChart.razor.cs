using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace GpuPlatform.Web.Components.Charts;

/// <summary>uPlot behind plain numbers: whole lines when their past changed, else only the points that are new.</summary>
public sealed partial class LineChart
{
    private readonly Dictionary<string, double> _lastSent = [];
    private readonly ChartScript _script = new();
    private ElementReference _root;
    private object? _drawn;
    private bool _drawing;
    private bool _again;
    private bool _failed;

    [Parameter, EditorRequired] public required string Label { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<ChartSeries> Series { get; set; }
    [Parameter, EditorRequired] public required Measure Metric { get; set; }
    [Parameter] public double? Max { get; set; }
    [Parameter] public DateTimeOffset Now { get; set; }
    [Parameter] public bool Compact { get; set; }

    /// <summary>How much of the past is drawn; the first value counts.</summary>
    [Parameter] public TimeSpan Window { get; set; } = GpuWindow.Length;

    /// <summary>Another value says that points were filled in before the newest.</summary>
    [Parameter] public long Generation { get; set; }

    private string Description => $"{Label}. {string.Join("; ", Series.Select(series => series.Describe(Metric)))}";

    // One drawing call at a time: a slow browser gets the newest state next, not every state
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_failed || _script.IsDisposed) return;
        _again = true;
        if (_drawing) return;
        _drawing = true;
        try
        {
            while (_again && !_script.IsDisposed)
            {
                _again = false;
                await DrawAsync();
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

    private async Task DrawAsync()
    {
        if (await _script.ChartAsync(Js, "/" + Assets["js/line-chart.js"], _root, new { Compact, WindowSeconds = Window.TotalSeconds }) is not { } chart) return;
        var series = Series;
        var view = new { Now = ChartSeries.Seconds(Now), Max, Metric.Unit, Metric.Decimals };
        var drawn = (Generation, Metric.Key, Max, string.Join('\n', series.Select(each => $"{each.Key} {each.Label} {each.Color}")));
        if (drawn.Equals(_drawn))
        {
            await chart.InvokeVoidAsync("append", series.Select(each => each.After(_lastSent.GetValueOrDefault(each.Key))), view);
        }
        else
        {
            await chart.InvokeVoidAsync("setData", series, view);
            _lastSent.Clear();
            _drawn = drawn;
        }
        foreach (var each in series.Where(each => each.Times.Count > 0)) _lastSent[each.Key] = each.Times[^1];
    }

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A line chart could not be drawn")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
