using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>The overview: what every GPU does and who makes it do it.</summary>
public sealed partial class Dashboard
{
    private IReadOnlyList<NodeSnapshot> _nodes = [];
    private IReadOnlyList<GpuLine> _lines = [];
    private string? _node;

    private bool SeveralNodes => State.Nodes.Count > 1;

    private bool HasGpus => _nodes.Any(node => node.Gpus.Count > 0);

    private string Title
    {
        get
        {
            var busiest = _nodes.Where(node => !node.Stale).SelectMany(node => node.Gpus).Max(gpu => gpu.UtilizationPercent);
            return State.Connection is not FeedConnection.Live ? "No connection · GpuPlatform"
                : busiest is null ? "GpuPlatform" : $"{Quantity.Percent(busiest)} · GpuPlatform";
        }
    }

    private protected override void Read()
    {
        if (_node is not null && State.Nodes.All(node => node.NodeId != _node)) _node = null;
        _nodes = _node is null ? State.Nodes : [.. State.Nodes.Where(node => node.NodeId == _node)];
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
        var before = State.Nodes.TakeWhile(other => other.NodeId != node.NodeId).Sum(other => other.Gpus.Count);
        return before + node.Gpus.TakeWhile(other => other.Uuid != gpu.Uuid).Count();
    }
}
