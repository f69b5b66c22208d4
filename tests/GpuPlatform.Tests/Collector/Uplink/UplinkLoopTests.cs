using System.Diagnostics;
using System.Text.Json;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class UplinkLoopTests
{
    [Fact]
    public async Task Messages_arrive_in_order_across_an_outage_that_is_logged_once()
    {
        var broker = new FakeBroker();
        await using var test = new UplinkUnderTest(broker);
        await test.StartAsync();
        await Until.True(() => test.Uplink.State == UplinkState.Connected);
        test.Enqueue("0");
        await Until.True(() => broker.Received.Count == 1);
        broker.Kill();
        await Until.True(() => test.Uplink.State == UplinkState.Disconnected);
        for (var i = 1; i <= 20; i++) test.Enqueue($"{i}");
        var attempts = broker.ConnectCount;
        await Until.True(() => broker.ConnectCount > attempts + 1);
        Assert.Equal(20, test.Uplink.QueuedCount);
        broker.IsDown = false;
        await Until.True(() => test.Uplink.QueuedCount == 0);

        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"{i}"), broker.Received.Select(received => Node(received.Message)));
        Assert.Equal(UplinkState.Connected, test.Uplink.State);
        Assert.Collection(test.Log.Lines,
            line => Assert.Equal("Connected to the broker at fake:5672", line),
            line => Assert.Equal("The broker at fake:5672 takes no messages, they wait: killed", line),
            line => Assert.Matches(@"^The broker at fake:5672 takes messages again after \d+\.\d s, 19 still wait$", line));
    }

    [Fact]
    public async Task A_message_that_was_refused_is_sent_again_with_the_same_identity()
    {
        var attempts = new List<Guid>();
        var broker = new FakeBroker();
        broker.OnPublish = (message, _) =>
        {
            attempts.Add(message.Id);
            return attempts.Count < 3 ? throw new IOException("no queue is bound") : Task.CompletedTask;
        };
        await using var test = new UplinkUnderTest(broker);
        await test.StartAsync();
        test.Enqueue("a");
        await Until.True(() => broker.Received.Count == 1);

        Assert.Equal(3, attempts.Count);
        Assert.Single(attempts.Distinct());
        Assert.Equal(3, broker.ConnectCount);
        Assert.Single(test.Log.Lines, line => line.Contains("no queue is bound", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_publish_that_hangs_past_its_token_is_given_up_and_repeated()
    {
        var attempts = 0;
        var broker = new FakeBroker();
        broker.OnPublish = (_, _) => Interlocked.Increment(ref attempts) == 1 ? new TaskCompletionSource().Task : Task.CompletedTask;
        await using var test = new UplinkUnderTest(broker);
        await test.StartAsync();
        test.Enqueue("a");
        await Until.True(() => broker.Received.Count == 1);

        Assert.Equal(2, attempts);
        Assert.Contains(test.Log.Lines, line => line.EndsWith("no confirmation within 3 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_accepts_connections_but_no_message_is_one_outage()
    {
        var broker = new FakeBroker { OnPublish = (_, _) => throw new IOException("blocked") };
        await using var test = new UplinkUnderTest(broker);
        test.Enqueue("a");
        await test.StartAsync();
        await Until.True(() => broker.ConnectCount >= 3);

        Assert.Equal(UplinkState.Disconnected, test.Uplink.State);
        Assert.Single(test.Log.Lines);
    }

    [Fact]
    public async Task Handing_over_never_waits_for_a_broker_that_is_down()
    {
        await using var test = new UplinkUnderTest(new FakeBroker { IsDown = true }, capacity: 10);
        await test.StartAsync();
        for (var i = 0; i < 25; i++) test.Enqueue($"{i}");

        Assert.Equal(10, test.Uplink.QueuedCount);
        Assert.Equal(15, test.Uplink.DroppedCount);
    }

    [Fact]
    public async Task Without_a_broker_it_says_so_once_and_keeps_nothing()
    {
        await using var test = new UplinkUnderTest(null);
        await test.StartAsync();
        for (var i = 0; i < 3; i++) test.Enqueue("a");
        await Until.True(() => test.Log.Lines.Count > 0);
        await test.StopAsync();

        Assert.Equal(UplinkState.Disabled, test.Uplink.State);
        Assert.Equal(0, test.Uplink.QueuedCount);
        Assert.Contains("ConnectionStrings:messaging", Assert.Single(test.Log.Lines));
    }

    [Fact]
    public async Task The_end_waits_for_what_is_still_to_be_sent()
    {
        var mayGo = new TaskCompletionSource();
        var broker = new FakeBroker { OnPublish = (_, _) => mayGo.Task };
        await using var test = new UplinkUnderTest(broker);
        await test.StartAsync();
        for (var i = 0; i < 50; i++) test.Enqueue($"{i}");
        var stopping = test.StopAsync();
        mayGo.SetResult();
        await stopping;

        Assert.Equal(50, broker.Received.Count);
        Assert.DoesNotContain(test.Log.Lines, line => line.Contains("not delivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_says_what_could_not_be_sent()
    {
        await using var test = new UplinkUnderTest(new FakeBroker { IsDown = true });
        await test.StartAsync();
        for (var i = 0; i < 3; i++) test.Enqueue($"{i}");
        await test.StopAsync();

        Assert.Equal("3 messages were not delivered before the end", test.Log.Lines[^1]);
    }

    [Fact]
    public async Task What_could_not_be_sent_goes_out_first_in_the_next_run()
    {
        using var folder = new TemporaryTree();
        await using (var first = new UplinkUnderTest(new FakeBroker { IsDown = true }, spoolFolder: folder.Root))
        {
            await first.StartAsync();
            for (var i = 0; i < 3; i++) first.Enqueue($"{i}");
            await first.StopAsync();
            Assert.Equal("3 messages wait on disk for the next start", first.Log.Lines[^1]);
        }

        var broker = new FakeBroker();
        await using var second = new UplinkUnderTest(broker, spoolFolder: folder.Root);
        second.Enqueue("3");
        await second.StartAsync();
        await Until.True(() => broker.Received.Count == 4);

        Assert.Equal(["0", "1", "2", "3"], broker.Received.Select(received => Node(received.Message)));
        await Until.True(() => second.Uplink.QueuedCount == 0);
        Assert.Equal(0, second.Uplink.DroppedCount);
    }

    [Fact]
    public async Task More_and_more_messages_are_sent_at_once_while_the_broker_confirms_and_one_after_a_failure()
    {
        var (inFlight, most, sent) = (0, 0, 0);
        var broker = new FakeBroker();
        broker.OnPublish = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
            if (Interlocked.Increment(ref sent) == 500) throw new IOException("nacked");
        };
        await using var test = new UplinkUnderTest(broker);
        for (var i = 0; i < 1_000; i++) test.Enqueue($"{i}");
        await test.StartAsync();
        await Until.True(() => test.Uplink.QueuedCount == 0);

        Assert.InRange(most, 2, BatchDelivery.LargestBatch);
        Assert.InRange(broker.ConnectCount, 2, 10);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), broker.Received.Select(received => Node(received.Message)).Distinct().OrderBy(int.Parse));
    }

    [Fact]
    public async Task The_message_carries_the_trace_it_was_handed_over_in()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "GpuPlatform.Uplink", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        var broker = new FakeBroker();
        await using var test = new UplinkUnderTest(broker);
        using var sampling = new Activity("sampling") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        test.Enqueue("a");
        sampling.Stop();
        await test.StartAsync();
        await Until.True(() => broker.Received.Count == 1);

        var sent = ActivityContext.Parse(broker.Received.Single().TraceParent!, null);
        Assert.Equal(sampling.TraceId, sent.TraceId);
        Assert.NotEqual(sampling.SpanId, sent.SpanId);
        Assert.Equal(ActivityTraceFlags.Recorded, sent.TraceFlags);
    }

    private static string Node(UplinkMessage message) => JsonSerializer.Deserialize(message.Body.Span, UplinkJson.Default.EnvelopeGpuSampled)!.Message.NodeId;
}
