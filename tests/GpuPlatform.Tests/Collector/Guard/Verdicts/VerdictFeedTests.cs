using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Guard.Verdicts;

public sealed class VerdictFeedTests : IDisposable
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly string Exchange = WireTopology.ExchangeFor<ProcessClassified>();

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LiveProcesses _living = new();
    private readonly VerdictStore _store;
    private readonly BrokerDouble _broker = new();
    private readonly PublisherDouble _published = new();
    private readonly ManualTimeProvider _clock = new(SomeVerdicts.Now);
    private readonly VerdictFeed _feed;

    public VerdictFeedTests()
    {
        _store = new VerdictStore(_living);
        _feed = Feed(_broker);
        _living.Note(SomeVerdicts.Observed());
    }

    [Fact]
    public async Task A_verdict_that_comes_is_known_with_its_trace()
    {
        await _feed.StartAsync(CancellationToken.None);
        await Until.True(() => _feed.IsConnected == true);

        _broker.Send(SomeVerdicts.Envelope(SomeVerdicts.Verdict()), TraceParent);

        Assert.Equal(TraceParent, _store.Find(4711, SomeVerdicts.StartedAt)!.TraceParent);
        await _feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_was_said_before_anybody_listened_is_asked_for_again_each_time()
    {
        await _feed.StartAsync(CancellationToken.None);
        await Until.True(() => _published.Processes.Count == 1);
        await Until.True(() => _broker.IsListenedTo);
        _broker.Kill("restarted");
        await Until.True(() => _feed.IsConnected == false && _clock.PendingTimerCount > 0);
        _clock.Advance(TimeSpan.FromSeconds(6));

        await Until.True(() => _published.Processes.Count == 2);
        Assert.All(_published.Processes, process => Assert.Equal(SomeVerdicts.Observed(), process));
        await _feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_tried_until_it_answers_and_the_host_is_degraded_meanwhile()
    {
        _broker.Failure = new IOException("Connection refused");
        await _feed.StartAsync(CancellationToken.None);
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await Until.True(() => _broker.ConnectCount >= attempt && _clock.PendingTimerCount > 0);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        var check = await new VerdictHealthCheck(_feed).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, check.Status);
        _broker.Failure = null;
        await Until.True(() => _clock.PendingTimerCount > 0);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Until.True(() => _feed.IsConnected == true);
        await _feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_a_broker_nothing_is_missing()
    {
        using var feed = Feed(null);
        await feed.StartAsync(CancellationToken.None);

        Assert.Null(feed.IsConnected);
        Assert.Equal(HealthStatus.Healthy, (await new VerdictHealthCheck(feed).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
        await feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void A_follower_that_fails_costs_the_next_verdict_nothing()
    {
        _store.Changed += () => throw new InvalidOperationException("not now");

        _feed.Receive(Exchange, SomeVerdicts.Envelope(SomeVerdicts.Verdict(secondsAgo: 3)), null);
        _feed.Receive(Exchange, "nonsense"u8, null);
        _feed.Receive(Exchange, SomeVerdicts.Envelope(SomeVerdicts.Verdict(kind: WorkloadKind.Video)), null);

        Assert.Equal(WorkloadKind.Video, _store.Find(4711, SomeVerdicts.StartedAt)!.Verdict.Kind);
    }

    public void Dispose()
    {
        _feed.Dispose();
        _services.Dispose();
    }

    private VerdictFeed Feed(IFeedConnector? connector) => new(
        SomeVerdicts.Node, connector, () => true, _store, _living, _published, new VerdictMetrics(_services.GetRequiredService<IMeterFactory>()), _clock, NullLogger<VerdictFeed>.Instance);

    private sealed class BrokerDouble : IFeedConnector, IAsyncDisposable
    {
        private volatile Link? _link;
        private FeedReceiver? _receive;

        public Exception? Failure { get; set; }

        public int ConnectCount { get; private set; }

        public bool IsListenedTo => _link is not null;

        public string Address => "fake:5672";

        public Task<IFeedLink> ConnectAsync(FeedReceiver receive, CancellationToken cancellationToken)
        {
            ConnectCount++;
            if (Failure is { } failure)
                throw failure;
            _receive = receive;
            _link = new Link();
            return Task.FromResult<IFeedLink>(_link);
        }

        public void Send(byte[] body, string? traceParent) => _receive!(Exchange, body, traceParent);

        public void Kill(string reason) => _link!.Close(reason);

        public ValueTask DisposeAsync() => _link?.DisposeAsync() ?? ValueTask.CompletedTask;

        private sealed class Link : IFeedLink
        {
            private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task<string> Closed => _closed.Task;

            public void Close(string reason) => _closed.TrySetResult(reason);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class PublisherDouble : IPublisher
    {
        public ConcurrentQueue<GpuProcessObserved> Processes { get; } = new();

        public long QueuedCount => 0;

        public long DroppedCount => 0;

        public void Publish(GpuSampled message) => throw new NotSupportedException();

        public void Publish(HostSampled message) => throw new NotSupportedException();

        public void Publish(GpuProcessObserved message) => Processes.Enqueue(message);
    }
}
