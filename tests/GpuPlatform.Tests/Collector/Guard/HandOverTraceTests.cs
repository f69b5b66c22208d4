using System.Collections.Concurrent;
using System.Diagnostics;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class HandOverTraceTests : IDisposable
{
    private const string Verdict = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private readonly string _gpu = $"GPU-{Guid.NewGuid()}";
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public HandOverTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "GpuPlatform.Collector",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("gpuplatform.gpu.uuid"), _gpu)) _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_hand_over_is_one_trace_below_the_verdict_also_when_the_collector_dies_in_it()
    {
        using var first = new GuardFixture(gpus: _gpu);
        first.Sample();
        var game = Process(7, "game", gpu: _gpu);
        first.Verdicts.Say(7, WorkloadKind.Gaming, Verdict);
        first.Starts(game);
        first.Pass(1);
        await first.UntilAsync(GuardState.Yielded);

        using var second = new GuardFixture(before: first, gpus: _gpu);
        second.Sample();
        second.Pass(16);
        await second.UntilAsync(GuardState.Serving);

        Assert.Equal(["gpu taken", "gpu draining", "gpu evicting", "hand over gpu", "gpu yielded", "gpu warming"], _ended.Select(activity => activity.OperationName));
        Assert.All(_ended, activity => Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", activity.TraceId.ToHexString()));
        var root = _ended.Single(activity => activity.OperationName == "hand over gpu");
        Assert.Equal("00f067aa0ba902b7", root.ParentSpanId.ToHexString());
        Assert.All(_ended.Where(activity => activity != root), activity => Assert.Equal(root.SpanId, activity.ParentSpanId));
    }

    public void Dispose() => _listener.Dispose();
}
