using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;

namespace GpuPlatform.Web.Components.Pages;

/// <summary>What was on the GPUs: kinds of work by hour and the processes themselves, asked of History while the page is open.</summary>
public sealed partial class Usage
{
    private const int FirstSessions = 50;
    private const int MostSessions = 1000;

    private UsagePast _past = null!;
    private UsageView _view = new();

    [SupplyParameterFromQuery(Name = "range")] private string? RangeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "node")] private string? NodeQuery { get; set; }
    [SupplyParameterFromQuery(Name = "kind")] private string? KindQuery { get; set; }
    [SupplyParameterFromQuery(Name = "more")] private string? MoreQuery { get; set; }

    private protected override TimeSpan ReadEvery { get; } = TimeSpan.FromSeconds(30);

    private protected override bool HasFailed => _past.Problem is not null;

    private bool IsOutdated => _past.Problem is not null || !_past.Answers(_view);

    protected override void OnInitialized()
    {
        _past = new UsagePast(Connect, Time);
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        var view = UsageView.Parse(RangeQuery, NodeQuery, KindQuery, MoreQuery);
        if (view == _view) return;
        _view = view;
        AskAnew();
    }

    private protected override void Read()
    {
    }

    private protected override Task AskAsync(CancellationToken cancellationToken) => _past.ReadAsync(_view, _view.At(Time.GetUtcNow()),
        _view.Kind is null ? null : KindLabel.Of(_view.Kind), _view.More ? MostSessions : FirstSessions, cancellationToken);

    private void Go(UsageView view) => Navigation.NavigateTo(view.ToAddress());
}
