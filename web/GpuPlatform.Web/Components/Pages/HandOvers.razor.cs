using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>To whom each GPU belongs, from the live feed, and how they changed hands, asked of History while the page is open.</summary>
public sealed partial class HandOvers
{
    private const int FirstStories = 20;

    // A step that the live feed shows is stored already
    private static readonly TimeSpan StepsTake = TimeSpan.FromSeconds(1);

    private GuardPast _past = null!;
    private HandOverView _view = new();
    private IReadOnlyList<(NodeSnapshot Node, GpuSample Gpu, GuardChanged? Step)> _now = [];
    private IReadOnlyList<HandOver> _stories = [];
    private DateTimeOffset _newest;
    private DateTimeOffset? _readSoonAt;
    private bool _all;

    [SupplyParameterFromQuery(Name = "range")] private string? RangeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "node")] private string? NodeQuery { get; set; }

    private protected override TimeSpan ReadEvery { get; } = TimeSpan.FromSeconds(30);

    private protected override bool HasFailed => _past.Problem is not null;

    private bool IsOutdated => _past.Problem is not null || !_past.Answers(_view);

    protected override void OnInitialized()
    {
        _past = new GuardPast(Connect, Time);
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        var view = HandOverView.Parse(RangeQuery, NodeQuery);
        if (view == _view) return;
        _view = view;
        AskAnew();
    }

    private protected override void Read()
    {
        var nodes = _view.Node is null ? State.Nodes : [.. State.Nodes.Where(node => node.NodeId == _view.Node)];
        _now = [.. from node in nodes from gpu in GpuTree.Whole(node) select (node, gpu, node.Guard.FirstOrDefault(step => step.GpuUuid == gpu.Uuid))];
        var newest = _now.Max(one => one.Step?.ChangedAt) ?? default;
        if (newest > _newest) (_newest, _readSoonAt) = (newest, Now + StepsTake);
        if (!(_readSoonAt <= Now)) return;
        _readSoonAt = null;
        AskSoon();
    }

    private protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        await _past.ReadAsync(_view, _view.At(Time.GetUtcNow()), cancellationToken);
        _stories = HandOver.Of(_past.Steps);
    }

    private NodeSnapshot? NodeOf(HandOver story) => State.Nodes.FirstOrDefault(node => node.NodeId == story.NodeId);

    private bool IsUnderWay(HandOver story) => story.IsUnderWay(NodeOf(story)?.Guard.FirstOrDefault(step => step.GpuUuid == story.GpuUuid));
}
