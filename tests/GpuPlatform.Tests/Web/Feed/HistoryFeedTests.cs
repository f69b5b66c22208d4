using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;
using Microsoft.Extensions.Logging.Abstractions;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class HistoryFeedTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new(Noon);
    private readonly FakeHistory _history = new();
    private readonly LiveStore _store;
    private readonly HistoryFeed _feed;

    public HistoryFeedTests()
    {
        _store = new LiveStore(_time);
        _feed = new HistoryFeed(
            () => new HistoryClient(new HttpClient(_history, disposeHandler: false) { BaseAddress = new Uri("http://history") }, _time),
            _store, _time, NullLogger<HistoryFeed>.Instance);
    }

    [Fact]
    public async Task Live_events_and_stored_minutes_come_together()
    {
        _history.Bodies.Writer.TryWrite(new EndlessBody(Event(Node(Noon, Gpu()))));

        await _feed.StartAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => _store.State is { Connection: FeedConnection.Live, Nodes.Count: 1, LinesGeneration: 1 });
        Assert.Equal(2, Assert.Single(_store.Lines()).Readings.Count);
    }

    [Fact]
    public async Task Unreachable_history_is_said_and_tried_again_with_longer_pauses()
    {
        _history.Bodies.Writer.TryWrite(null);
        _history.Bodies.Writer.TryWrite(null);
        _history.Bodies.Writer.TryWrite(new EndlessBody(Event(Node(Noon, Gpu()))));

        await _feed.StartAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => _store.State.Connection is FeedConnection.Unreachable && _time.PendingTimerCount > 0);
        Assert.Equal("no connection to History", _store.State.Problem);
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _history.LiveRequests == 2 && _time.PendingTimerCount > 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _history.LiveRequests);
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _store.State is { Connection: FeedConnection.Live, Problem: null, Nodes.Count: 1 });
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0, 0)]
    [InlineData(20, 2)]
    [InlineData(24 * 60, 10)]
    public void Energy_of_a_young_day_is_read_anew_sooner(int? minutes, int expectedMinutes)
    {
        GpuPoint[] points = minutes is { } known ? [new() { At = Noon - TimeSpan.FromMinutes(known) }, new() { At = Noon }] : [];
        GpuSeries empty = new() { NodeId = "desk", Uuid = "GPU-a", Name = "n", Points = [] };
        HistoricalSeries day = new() { From = Noon.AddDays(-1), To = Noon, StepSeconds = 60, Hosts = [], Gpus = [empty, empty with { Uuid = "GPU-b", Points = points }] };

        Assert.Equal(TimeSpan.FromMinutes(expectedMinutes), HistoryFeed.EnergyLasts(day));
    }

    [Fact]
    public async Task Lost_feed_is_opened_again_and_its_gap_read_from_the_store()
    {
        _history.Bodies.Writer.TryWrite(new MemoryStream(Encoding.UTF8.GetBytes(Event(Node(Noon, Gpu())))));
        _history.Bodies.Writer.TryWrite(new EndlessBody(Event(Node(Noon.AddSeconds(1), Gpu()))));

        await _feed.StartAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => _store.State.Connection is FeedConnection.Reconnecting && _time.PendingTimerCount > 0);
        var before = _history.HistoricalRequests;
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _store.State.Connection is FeedConnection.Live && _history.HistoricalRequests > before);
    }

    [Fact]
    public async Task Silent_feed_is_given_up()
    {
        _history.Bodies.Writer.TryWrite(new EndlessBody(Event(Node(Noon, Gpu()))));
        await _feed.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => _store.State is { Nodes.Count: 1, LinesGeneration: 1 } && _time.PendingTimerCount > 1);

        // Every read has a timer of its own, and one may be made after a step of the clock: step until the silence is noticed.
        await UntilAsync(() =>
        {
            if (_store.State.Connection is FeedConnection.Reconnecting) return true;
            _time.Advance(LiveStream.Silence);
            return false;
        });
        Assert.Equal("nothing was heard for 30 s", _store.State.Problem);
    }

    [Fact]
    public void Pauses_grow_to_ten_seconds() =>
        Assert.Equal([1d, 2, 4, 8, 10, 10], new[] { 1, 2, 3, 4, 5, 500 }.Select(failures => HistoryFeed.BackOff(failures).TotalSeconds));

    public async ValueTask DisposeAsync()
    {
        await _feed.StopAsync(CancellationToken.None);
        _feed.Dispose();
        _history.Dispose();
    }

    private static string Event(NodeSnapshot node) => $"event: node\ndata: {JsonSerializer.Serialize(node, JsonSerializerOptions.Web)}\n\n";

    private static Task UntilAsync(Func<bool> condition) => Doubles.Until.True(condition);

    /// <summary>Answers each request for the live feed with the next body, null being a refused connection.</summary>
    private sealed class FakeHistory : HttpMessageHandler
    {
        public Channel<Stream?> Bodies { get; } = Channel.CreateUnbounded<Stream?>();

        public int LiveRequests { get; private set; }

        public int HistoricalRequests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            switch (request.RequestUri!.AbsolutePath)
            {
                case Routes.Live:
                    LiveRequests++;
                    var body = await Bodies.Reader.ReadAsync(cancellationToken) ?? throw new HttpRequestException("refused");
                    return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
                case Routes.Realtime:
                    return Json(new RealtimeSnapshot { GeneratedAt = Noon, Nodes = [Node(Noon, Gpu())] });
                default:
                    HistoricalRequests++;
                    return Json(new HistoricalSeries
                    {
                        From = Noon.AddMinutes(-10),
                        To = Noon,
                        StepSeconds = 2,
                        Gpus = [new GpuSeries { NodeId = "desk", Uuid = "GPU-a", Name = "x", Points = [new GpuPoint { At = Noon.AddMinutes(-1) }] }],
                        Hosts = [],
                    });
            }
        }

        private static HttpResponseMessage Json<T>(T value) => new(HttpStatusCode.OK)
        {
            Content = new StringContent(JsonSerializer.Serialize(value, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
    }

    /// <summary>Says what it has to say and then stays open without a byte.</summary>
    private sealed class EndlessBody(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length) await Task.Delay(Timeout.Infinite, cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
