using System.Diagnostics;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Sampling;

/// <summary>A GPU that hangs in the middle of a tick of the sampler as it is.</summary>
public sealed class HangingTickTests : IDisposable
{
    private static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly SourceDouble _source = new();
    private readonly GpuDouble _behind = new(1, "GPU-b");
    private readonly TracedPublisher _published = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly GpuRoster _roster;
    private readonly GpuSampler _sampler;
    private readonly LatestSample _latest;

    public HangingTickTests()
    {
        var options = Options.Create(new SamplingOptions());
        _latest = new LatestSample(options, _clock);
        _source.Replace(_source.Gpu, _behind);
        _roster = new GpuRoster([_source], TimeSpan.FromSeconds(10), _clock);
        _sampler = new GpuSampler(
            "node", _roster, new DriverRound(StallAfter), new ProcessDouble(), new SamplingPace(options, _clock), _latest, _published, _clock,
            new LogDouble<GpuSampler>());
    }

    public void Dispose()
    {
        _release.Dispose();
        _sampler.Dispose();
        _roster.Dispose();
    }

    [Fact]
    public async Task The_next_tick_sends_what_the_others_said_once_under_the_span_of_the_one_that_hangs()
    {
        List<Activity> ended = [];
        using var listener = new ActivityListener
        {
            // By its name: while it is being made, the field is still empty
            ShouldListenTo = source => source.Name == CollectorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // Other tests tick at the same time
                if (_published.Spans.Contains(activity))
                    ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        var hanging = await BeginHangingTick();
        Assert.False(_sampler.Tick());
        Assert.Empty(_published.Samples);
        _clock.Advance(StallAfter);
        Assert.True(_sampler.Tick());
        var states = Assert.Single(_published.Samples).Gpus.Select(gpu => gpu.State);
        Assert.Equal([GpuState.Stalled, GpuState.Active], states);
        Assert.NotNull(Assert.Single(_published.Spans));
        Assert.Equal(_published.Spans, ended.Cast<Activity?>());
        Assert.Equal((1, 1), (_source.Gpu.ReadCount, _behind.ReadCount));

        Assert.True(_sampler.Tick());
        Assert.Equal((1, 2, 2), (_source.Gpu.ReadCount, _behind.ReadCount, _published.Samples.Count));
        await ReturnLate(hanging);
        Assert.Equal((2, 2), (_published.Samples.Count, ended.Count));

        Assert.True(_sampler.Tick());
        Assert.Equal((GpuState.Active, 3), (_published.Samples[^1].Gpus[0].State, _published.Samples.Count));
    }

    [Fact]
    public async Task Somebody_who_looks_meanwhile_waits_a_little_and_then_brings_the_tick_to_its_end_which_is_sent_once()
    {
        var hanging = await BeginHangingTick();
        Assert.False(_sampler.Look());
        Assert.Null(_latest.Gpus.SampledAt);
        _clock.Advance(StallAfter);
        Assert.True(_sampler.Look());
        Assert.Equal("the driver has not answered for 10 s", Assert.Single(_published.Samples).Gpus[0].Error);
        Assert.True(_sampler.Look());
        await ReturnLate(hanging);
        Assert.Single(_published.Samples);
        Assert.True(_sampler.Tick());
        Assert.Equal(2, _published.Samples.Count);
    }

    [Fact]
    public async Task A_look_that_hangs_is_ended_by_a_tick_and_not_sent()
    {
        var hanging = await BeginHanging(_sampler.Look);
        _clock.Advance(StallAfter);
        Assert.True(_sampler.Tick());
        Assert.Empty(_published.Samples);
        Assert.Equal(GpuState.Stalled, _latest.Gpus.Gpus[0].State);
        await ReturnLate(hanging);
        Assert.True(_sampler.Tick());
        Assert.Single(_published.Samples);
    }

    private Task<Task<bool>> BeginHangingTick() => BeginHanging(_sampler.Tick);

    private async Task<Task<bool>> BeginHanging(Func<bool> run)
    {
        _source.Gpu.HangUntil = _release;
        var hanging = Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.True(() => _source.Gpu.ReadCount == 1);
        return hanging;
    }

    private async Task ReturnLate(Task<bool> hanging)
    {
        _release.Set();
        Assert.False(await hanging);
    }

    /// <summary>Keeps the samples, and the span each was sent under.</summary>
    private sealed class TracedPublisher : IPublisher
    {
        public long QueuedCount => 0;

        public long DroppedCount => 0;

        public List<GpuSampled> Samples { get; } = [];

        public List<Activity?> Spans { get; } = [];

        public void Publish(GpuSampled message)
        {
            Samples.Add(message);
            Spans.Add(Activity.Current);
        }

        public void Publish(HostSampled message) => throw new NotSupportedException();

        public void Publish(GpuProcessObserved message) => throw new NotSupportedException();
    }
}
