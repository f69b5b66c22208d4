using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>The live page. Follows the store at its own pace: at most two renders a second, however many events arrive.</summary>
public sealed partial class Dashboard
{
    private static readonly TimeSpan RenderEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AgesMoveEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _left = new();
    private FeedState _state = new();
    private IReadOnlyList<NodeSnapshot> _nodes = [];
    private IReadOnlyList<GpuLine> _lines = [];
    private DateTimeOffset _now;
    private string? _node;
    private TimeZoneInfo? _zone;
    private bool _interactive;

    private bool SeveralNodes => _state.Nodes.Count > 1;

    private bool HasGpus => _nodes.Any(node => node.Gpus.Count > 0);

    private string Title
    {
        get
        {
            var busiest = _nodes.Where(node => !node.Stale).SelectMany(node => node.Gpus).Max(gpu => gpu.UtilizationPercent);
            return _state.Connection is not FeedConnection.Live ? "No connection · GpuPlatform"
                : busiest is null ? "GpuPlatform" : $"{Quantity.Percent(busiest)} · GpuPlatform";
        }
    }

    protected override void OnInitialized() => Read();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _interactive = true;
        _ = FollowAsync(_left.Token);
        StateHasChanged();
        _zone = await BrowserZone.ReadAsync(Js, "/" + Assets["js/time-zone.js"]);
    }

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
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        _state = Store.State;
        _now = Time.GetUtcNow();
        if (_node is not null && _state.Nodes.All(node => node.NodeId != _node)) _node = null;
        _nodes = _node is null ? _state.Nodes : [.. _state.Nodes.Where(node => node.NodeId == _node)];
        _lines = Store.Lines();
    }

    private void SelectNode(string? node)
    {
        _node = node;
        Read();
    }

    // By position among all GPUs, so that choosing a node changes no colour
    private int ColorOf(NodeSnapshot node, GpuSample gpu)
    {
        var before = _state.Nodes.TakeWhile(other => other.NodeId != node.NodeId).Sum(other => other.Gpus.Count);
        return before + node.Gpus.TakeWhile(other => other.Uuid != gpu.Uuid).Count();
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }
}
