using System.Text;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class LiveStreamTests
{
    private const string Good = """{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[],"processes":[]}""";

    [Theory]
    [InlineData("{\"nodeId\":")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"nodeId":null,"lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[],"processes":[]}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"yesterday","stale":false,"gpus":[],"processes":[]}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[null],"processes":[]}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[],"processes":[null]}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":null,"processes":[]}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[],"processes":[],"llm":{"nodeId":"desk","sampledAt":"2026-11-21T12:00:00Z","servers":[null],"inFlight":[]}}""")]
    [InlineData("""{"nodeId":"desk","lastSeenAt":"2026-11-21T12:00:00Z","stale":false,"gpus":[],"processes":[],"llm":{"nodeId":"desk","sampledAt":"2026-11-21T12:00:00Z","servers":[],"inFlight":[null]}}""")]
    public async Task Garbage_is_reported_and_the_feed_goes_on(string garbage)
    {
        var read = await ReadAsync($"event: node\ndata: {garbage}\n\nevent: node\ndata: {Good}\n\n");

        Assert.Equal([null, "desk"], read.Select(node => node?.NodeId));
    }

    [Fact]
    public async Task Words_of_a_newer_release_cost_their_field_only()
    {
        var node = Good.Replace("[]}", """[{"gpuUuid":"GPU-a","pid":1,"startedAt":"2026-11-21T11:00:00Z","kind":"quantum","context":"display"}]}""", StringComparison.Ordinal);

        var process = Assert.Single(Assert.Single(await ReadAsync($"event: node\ndata: {node}\n\n"))!.Processes);

        Assert.Equal((WorkloadKind.General, null), (process.Kind, process.Context));
    }

    [Fact]
    public async Task Comments_and_other_events_are_not_nodes()
    {
        var read = await ReadAsync($": heartbeat\n\nevent: heartbeat\ndata: x\n\ndata: {{}}\n\nevent: node\ndata: {Good}\n\nevent: node\ndata: cut off");

        Assert.Equal("desk", Assert.Single(read)?.NodeId);
    }

    [Fact]
    public async Task Silence_ends_the_feed()
    {
        var time = new ManualTimeProvider();
        await using var feed = new LiveStream(new SilentStream(), time);
        await using var events = feed.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = events.MoveNextAsync().AsTask();

        time.Advance(LiveStream.Silence - TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => next);
    }

    private static async Task<List<NodeSnapshot?>> ReadAsync(string body)
    {
        await using var feed = new LiveStream(new MemoryStream(Encoding.UTF8.GetBytes(body)), TimeProvider.System);
        return await feed.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
