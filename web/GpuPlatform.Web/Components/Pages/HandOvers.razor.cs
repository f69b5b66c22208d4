using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>To whom each GPU belongs, from the live feed, and how they changed hands, asked of History while the page is open.</summary>
public sealed partial class HandOvers
{
    private const int FirstStories = 20;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(30);

    // A step that the live feed shows is stored already
    private static readonly TimeSpan StepsTake = TimeSpan.FromSeconds(1);

    private FeedSubscription _wishes = null!;
    private GuardPast _past = null!;
    private HandOverView _view = new();
    private CancellationTokenSource? _reading;
    private IReadOnlyList<(NodeSnapshot Node, GpuSample Gpu, GuardChanged? Step)> _now = [];
    private IReadOnlyList<HandOver> _stories = [];
    private DateTimeOffset _newest;
    private DateTimeOffset? _readSoonAt;
    private bool _all;

    [SupplyParameterFromQuery(Name = "range")] private string? RangeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "node")] private string? NodeQuery { get; set; }

    private bool IsOutdated => _past.Problem is not null || !_past.Answers(_view);

    protected override void OnInitialized()
    {
        _past = new GuardPast(Connect, Time);
        _wishes = new FeedSubscription(Time, static _ => { });
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        var view = HandOverView.Parse(RangeQuery, NodeQuery);
        if (view == _view) return;
        _view = view;
        Read();
        _reading?.Cancel();
        _wishes.Notify();
    }

    private protected override void Read()
    {
        var nodes = _view.Node is null ? State.Nodes : [.. State.Nodes.Where(node => node.NodeId == _view.Node)];
        _now =
        [
            .. from node in nodes from gpu in node.Gpus select (node, gpu, node.Guard.FirstOrDefault(step => step.GpuUuid == gpu.Uuid)),
        ];
        var newest = _now.Max(one => one.Step?.ChangedAt) ?? default;
        if (newest > _newest) (_newest, _readSoonAt) = (newest, Now + StepsTake);
        if (!(_readSoonAt <= Now)) return;
        _readSoonAt = null;
        _wishes.Notify();
    }

    private protected override async Task OnZoneKnownAsync()
    {
        try
        {
            while (true)
            {
                await ReadPastAsync();
                await _wishes.WaitAsync(ReadEvery, Left);
            }
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
        }
    }

    private async Task ReadPastAsync()
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(Left);
        _reading = reading;
        try
        {
            await _past.ReadAsync(_view, _view.At(Time.GetUtcNow()), reading.Token);
            _stories = HandOver.Of(_past.Steps);
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

    private string GpuOf(HandOver story)
    {
        var node = State.Nodes.FirstOrDefault(node => node.NodeId == story.NodeId);
        return node?.Gpus.FirstOrDefault(gpu => gpu.Uuid == story.GpuUuid) is { } gpu
            ? GpuLabel.OnNode(gpu, node, State.Nodes.Count > 1)
            : $"{story.GpuUuid} on {story.NodeId}";
    }
}
