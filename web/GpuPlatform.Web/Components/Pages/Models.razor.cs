using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>What the model servers do now, from the live feed, and what they did, asked of History for as long as the page is open.</summary>
public sealed partial class Models
{
    // A record comes after its request has ended: with the next reading of the GPU, through broker and database
    private static readonly TimeSpan RecordsTake = TimeSpan.FromSeconds(4);

    private readonly SortedSet<string> _models = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _clients = new(StringComparer.Ordinal);
    private LlmReport _report = null!;
    private LlmFilter _filter = new();
    private IReadOnlyList<NodeSnapshot> _nodes = [];
    private IReadOnlyList<(NodeSnapshot Node, LlmServer Server)> _servers = [];
    private IReadOnlyDictionary<(string NodeId, Guid RequestId), IReadOnlyList<RatePoint>> _rates = new Dictionary<(string, Guid), IReadOnlyList<RatePoint>>();
    private IReadOnlyList<string> _onDisk = [];
    private HashSet<Guid> _running = [];
    private DateTimeOffset? _readSoonAt;

    [SupplyParameterFromQuery(Name = "range")] private string? RangeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "node")] private string? NodeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "model")] private string? ModelQuery { get; set; }
    [SupplyParameterFromQuery(Name = "client")] private string? ClientQuery { get; set; }
    [SupplyParameterFromQuery(Name = "outcome")] private string? OutcomeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] private string? SortQuery { get; set; }

    private protected override TimeSpan ReadEvery { get; } = TimeSpan.FromSeconds(15);

    private protected override bool HasFailed => _report.Problem is not null;

    private bool SeveralNodes => State.Nodes.Count > 1;

    // A view of one model or client is not empty because nothing ever came
    private bool IsEmpty => _report.Usage is { Total.RequestCount: 0 } && (_filter.Model ?? _filter.Client) is null && _running.Count == 0;

    private bool IsOutdated => _report.Problem is not null || !_report.Answers(_filter);

    private string Title => State.Connection is not FeedConnection.Live ? "No connection · GpuPlatform"
        : ModelsSummary.TokensPerSecond(ModelsSummary.Present(_nodes)) is { } rate ? $"{LlmFigure.PerSecond(rate)} · Models · GpuPlatform"
        : "Models · GpuPlatform";

    protected override void OnInitialized()
    {
        _report = new LlmReport(Connect, Time);
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        var filter = LlmFilter.Parse(RangeQuery, NodeQuery, ModelQuery, ClientQuery, OutcomeQuery, SortQuery);
        if (filter == _filter) return;
        _filter = filter;
        AskAnew();
    }

    private protected override void Read()
    {
        _nodes = _filter.Node is null ? State.Nodes : [.. State.Nodes.Where(node => node.NodeId == _filter.Node)];
        _servers = [.. from node in _nodes where node.Llm is not null from server in node.Llm!.Servers.DistinctBy(server => server.Name) select (node, server)];
        _onDisk = [.. _servers.SelectMany(one => one.Server.Available ?? []).Where(model => !model.Remote).Select(model => model.Name).Distinct().Order(StringComparer.Ordinal)];
        _rates = Store.Rates();
        var requests = _nodes.Where(node => node is { Stale: false, Llm: not null }).SelectMany(node => node.Llm!.InFlight).ToList();
        Remember(requests);
        var running = requests.Select(request => request.RequestId).ToHashSet();
        if (!_running.IsSubsetOf(running)) _readSoonAt ??= Now + RecordsTake;
        _running = running;
        if (!(_readSoonAt <= Now)) return;
        _readSoonAt = null;
        AskSoon();
    }

    // The answer to a narrowed question names only what was asked for: the lists keep what was seen before
    private void Remember(IEnumerable<LlmRunningRequest> requests)
    {
        foreach (var request in requests)
        {
            if (request.Model is not null) _models.Add(request.Model);
            _clients.Add(request.Client.Name);
        }
        if (_filter.Model is not null) _models.Add(_filter.Model);
        if (_filter.Client is not null) _clients.Add(_filter.Client);
        _models.UnionWith(_report.Usage?.Models.Select(group => group.Name) ?? []);
        _clients.UnionWith(_report.Usage?.Clients.Select(group => group.Name) ?? []);
    }

    private protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        var filter = _filter;
        var outcome = filter.Outcome is { } wanted ? LlmWords.Outcome(wanted) : null;
        await _report.ReadAsync(filter, filter.At(Time.GetUtcNow(), Zone), filter.Sort.Key, outcome, cancellationToken);
        Remember([]);
    }

    private void Go(LlmFilter filter) => Navigation.NavigateTo(filter.ToAddress());
}
