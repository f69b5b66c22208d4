using System.Text.RegularExpressions;
using GpuPlatform.Web.Components.Dashboard;
using GpuPlatform.Web.Components.HandOvers;
using GpuPlatform.Web.Components.Models;
using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Web.Components;

/// <summary>The page as it comes from the server, before its circuit is open: what is chosen on it then, nobody hears of.</summary>
public sealed partial class PrerenderTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSingleton<NavigationManager>(new FixedPlace()).AddSingleton<Func<RackClient>>(() => throw new InvalidOperationException("nobody is asked")).BuildServiceProvider();

    [Fact]
    public async Task Nothing_can_be_chosen_before_the_page_is_live()
    {
        var nodes = new[] { Snapshots.Node(Snapshots.Noon), Snapshots.Node(Snapshots.Noon) with { NodeId = "rack" } };
        string[] pages =
        [
            await RenderAsync<TopBar>(new() { ["State"] = new FeedState { Nodes = nodes } }),
            await RenderAsync<FilterBar>(new() { ["Filter"] = new LlmFilter(), ["Models"] = new[] { "qwen3:14b" }, ["Clients"] = new[] { "alice" } }),
            await RenderAsync<GuardButtons>(new() { ["Node"] = nodes[0] }),
            await RenderAsync<FitPanel>([]),
        ];

        var controls = pages.Select(page => Control().Matches(page).Select(match => match.Value).Where(IsForServer).ToList()).ToList();

        Assert.Equal([1, 2, 3, 2], controls.Select(found => found.Count));
        Assert.All(controls.SelectMany(found => found), control => Assert.Contains(" disabled", control, StringComparison.Ordinal));
    }

    // A script of the page itself takes this one's clicks
    private static bool IsForServer(string control) => !control.Contains("data-theme-toggle", StringComparison.Ordinal);

    private static async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters) where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(Services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    [GeneratedRegex("<(select|input|button)[^>]*>")]
    private static partial Regex Control();

    private sealed class FixedPlace : NavigationManager
    {
        public FixedPlace() => Initialize("http://localhost/", "http://localhost/");
    }
}
