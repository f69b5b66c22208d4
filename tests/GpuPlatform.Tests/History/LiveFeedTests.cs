using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History;
using GpuPlatform.History.Api;
using GpuPlatform.History.Live;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.History;

public sealed class LiveFeedTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<HistoryMetrics>().BuildServiceProvider();
    private readonly ManualTimeProvider _time = new(Samples.Now);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private readonly LiveHub _hub;
    private readonly LiveState _live;

    public LiveFeedTests()
    {
        var options = Options.Create(new HistoryOptions { MaxNodes = 2, MaxFeeds = 2 });
        _hub = new LiveHub(_services.GetRequiredService<HistoryMetrics>(), options);
        _live = new LiveState(_hub, _time, options, NullLogger<LiveState>.Instance);
    }

    public void Dispose()
    {
        _end.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_new_reader_gets_a_beat_then_every_known_node_then_changes()
    {
        _live.Apply(Samples.Host(Samples.Now));
        await using var feed = LiveApi.EventsAsync(_live, Subscribe(), JsonSerializerOptions.Web, default, _end.Token).GetAsyncEnumerator(_end.Token);

        Assert.Equal("beat", await NextTypeAsync(feed));
        Assert.Equal("node", await NextTypeAsync(feed));
        var node = JsonSerializer.Deserialize<NodeSnapshot>(feed.Current.Data, JsonSerializerOptions.Web);
        Assert.Equal("desk", node?.NodeId);
        _live.Apply(Samples.Host(Samples.Now.AddSeconds(2)) with { NodeId = "rack" });
        Assert.Equal("node", await NextTypeAsync(feed));
        Assert.Contains("\"nodeId\":\"rack\"", feed.Current.Data, StringComparison.Ordinal);
        _hub.Beat();
        Assert.Equal("beat", await NextTypeAsync(feed));
    }

    [Fact]
    public async Task A_slow_reader_skips_to_the_newest_state()
    {
        await using var feed = LiveApi.EventsAsync(_live, Subscribe(), JsonSerializerOptions.Web, default, _end.Token).GetAsyncEnumerator(_end.Token);
        await NextTypeAsync(feed);

        for (var i = 1; i <= 1000; i++)
            _live.Apply(Samples.Host(Samples.Now.AddSeconds(i)));
        await NextTypeAsync(feed);

        Assert.Equal(Samples.Now.AddSeconds(1000), JsonSerializer.Deserialize<NodeSnapshot>(feed.Current.Data, JsonSerializerOptions.Web)?.LastSeenAt);
        _hub.Beat();
        Assert.Equal("beat", await NextTypeAsync(feed));
    }

    [Fact]
    public async Task The_feed_ends_when_the_host_stops()
    {
        using var stopping = new CancellationTokenSource();
        await using var feed = LiveApi.EventsAsync(_live, Subscribe(), JsonSerializerOptions.Web, stopping.Token, _end.Token).GetAsyncEnumerator(_end.Token);
        await NextTypeAsync(feed);

        await stopping.CancelAsync();

        Assert.False(await feed.MoveNextAsync());
    }

    [Fact]
    public async Task Staleness_is_announced_and_old_nodes_are_forgotten()
    {
        _live.Apply(Samples.Host(Samples.Now));
        using var subscription = Subscribe();

        _time.Advance(TimeSpan.FromSeconds(11));
        _live.Tick();

        Assert.Equal("desk", await subscription.NextAsync(_end.Token));
        Assert.True(_live.Snapshot("desk")?.Stale);
        _time.Advance(TimeSpan.FromHours(24));
        _live.Tick();
        Assert.Empty(_live.Snapshot().Nodes);
    }

    [Fact]
    public void A_node_known_by_a_process_only_is_kept()
    {
        _live.Apply(Samples.Process(1, ProcessChange.Started, Samples.Now));
        _live.Tick();

        Assert.Equal(1, _live.NodeCount);
    }

    [Fact]
    public void A_node_too_many_is_not_shown_until_another_leaves()
    {
        foreach (var name in new[] { "a", "b", "c" })
            _live.Apply(Samples.Host(Samples.Now) with { NodeId = name });
        Assert.Equal(["a", "b"], _live.NodeIds);

        _time.Advance(TimeSpan.FromHours(12));
        _live.Apply(Samples.Host(Samples.Now.AddHours(12)) with { NodeId = "a" });
        _time.Advance(TimeSpan.FromHours(13));
        _live.Tick();
        _live.Apply(Samples.Host(Samples.Now.AddHours(25)) with { NodeId = "c" });

        Assert.Equal(["a", "c"], _live.NodeIds);
    }

    [Fact]
    public void A_reader_too_many_is_refused_until_another_leaves()
    {
        var first = Subscribe();
        using var second = Subscribe();
        Assert.Null(_hub.TrySubscribe());

        first.Dispose();
        first.Dispose();

        using var third = Subscribe();
        Assert.Null(_hub.TrySubscribe());
    }

    private LiveSubscription Subscribe()
    {
        var subscription = _hub.TrySubscribe();
        Assert.NotNull(subscription);
        return subscription;
    }

    private static async Task<string> NextTypeAsync(IAsyncEnumerator<System.Net.ServerSentEvents.SseItem<string>> feed)
    {
        Assert.True(await feed.MoveNextAsync());
        return feed.Current.EventType;
    }
}
