using System.Diagnostics;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class GpuSamplerTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero).AddTicks(12_345_678));
    private readonly SourceDouble _source = new();
    private readonly ProcessDouble _processes = new();
    private readonly DriverRound _round = new(TimeSpan.FromSeconds(60));
    private readonly PublisherDouble _published = new();
    private readonly LogDouble<GpuSampler> _log = new();
    private readonly SamplingPace _pace;
    private readonly LatestSample _latest;
    private readonly GpuRoster _roster;
    private readonly GpuSampler _sampler;

    public GpuSamplerTests()
    {
        var options = Options.Create(new SamplingOptions { ProcessInterval = TimeSpan.FromSeconds(2) });
        _pace = new SamplingPace(options, _clock);
        _latest = new LatestSample(options, _clock);
        _roster = new GpuRoster([_source], TimeSpan.FromSeconds(10), _clock);
        _sampler = new GpuSampler("node", _roster, _round, _processes, _pace, _latest, _published, _clock, _log);
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _roster.Dispose();
    }

    [Fact]
    public void A_tick_is_kept_and_sent_with_its_instant_in_whole_milliseconds()
    {
        _processes.Add(7, "game");
        _source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        _sampler.Tick();
        var sampled = Assert.Single(_published.Samples);
        Assert.Equal(("node", 0), (sampled.NodeId, sampled.SampledAt.Ticks % TimeSpan.TicksPerMillisecond));
        var gpu = Assert.Single(sampled.Gpus);
        Assert.Equal(("GPU-a", 10d, 50d), (gpu.Uuid, gpu.UtilizationPercent, gpu.TemperatureCelsius));
        Assert.Null(gpu.PowerWatts);
        Assert.Equal((7, 99L), (gpu.Processes![0].Pid, gpu.Processes[0].MemoryUsedBytes));
        Assert.Equal(ProcessChange.Started, Assert.Single(_published.ProcessEvents).Change);
        Assert.Equal(sampled.SampledAt, _latest.Gpus.SampledAt);
    }

    [Fact]
    public void A_follower_that_fails_costs_no_sample()
    {
        _latest.Changed += _ => throw new InvalidOperationException("full");
        Assert.True(_sampler.Tick());
        Assert.Equal(_latest.Gpus.SampledAt, Assert.Single(_published.Samples).SampledAt);
    }

    [Fact]
    public void Processes_are_unknown_not_none_when_the_list_could_not_be_read()
    {
        _source.Gpu.ProcessesReadable = false;
        _sampler.Tick();
        Assert.Null(_published.Samples[0].Gpus[0].Processes);
    }

    [Fact]
    public void A_gpu_in_error_is_sent_with_its_error()
    {
        _source.Gpu.Reading = new() { Error = "GPU is lost" };
        _sampler.Tick();
        Assert.Equal("GPU is lost", _published.Samples[0].Gpus[0].Error);
        Assert.Null(_published.Samples[0].Gpus[0].Processes);
        _sampler.Tick();
        _source.Gpu.Reading = default;
        _sampler.Tick();
        Assert.Equal(
            ["Warning: GPU 0 (GPU-a) cannot be read: GPU is lost", "Information: GPU 0 (GPU-a) is read again"], _log.Lines.Skip(1));
    }

    [Fact]
    public void Without_a_source_nothing_is_sent_it_is_said_once_and_tried_again_slowly()
    {
        _source.Available = false;
        for (var i = 0; i < 30; i++, _clock.Advance(TimeSpan.FromSeconds(2)))
            _sampler.Tick();
        Assert.Empty(_published.Samples);
        Assert.Equal("no driver", _latest.Gpus.Source.UnavailableReason);
        Assert.Equal("Warning: No GPU readings: no driver", Assert.Single(_log.Lines));
        Assert.Equal(6, _source.OpenCount);
    }

    [Fact]
    public void A_source_that_comes_later_is_used_and_said()
    {
        _source.Available = false;
        _sampler.Tick();
        _source.Available = true;
        _clock.Advance(TimeSpan.FromSeconds(10));
        _sampler.Tick();
        _sampler.Tick();
        Assert.Equal(2, _published.Samples.Count);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void A_process_that_dies_while_there_is_no_source_has_exited()
    {
        _processes.Add(7, "game");
        _source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        _sampler.Tick();
        _source.Available = false;
        _sampler.Tick();
        Assert.Single(_published.ProcessEvents);
        _processes.Table.Clear();
        _sampler.Tick();
        Assert.Equal(ProcessChange.Exited, _published.ProcessEvents[^1].Change);
    }

    [Fact]
    public void A_span_covers_what_a_tick_sends()
    {
        var published = new List<string?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CollectorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => published.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        _sampler.Tick();
        Assert.Contains("sample gpus", published);
    }

    [Fact]
    public void A_heartbeat_says_where_readings_come_from_and_what_is_undelivered()
    {
        _sampler.Tick();
        var options = Options.Create(new SamplingOptions());
        var health = new CollectorHealth(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new HealthCheckServiceOptions { Registrations = { new("gpu", new CheckDouble("the driver is away"), failureStatus: null, tags: null) } }));
        _pace.GameMode = true;
        new HostSampler("node", new HostReader("/nonexistent"), _latest, new PresentGpus(_latest, _pace, options, _clock), _pace, health, _published, _clock,
            Options.Create(new GuardOptions { Enabled = false })).Tick();
        var beat = Assert.Single(_published.Heartbeats);
        Assert.Equal(("node", "nvml", "1.2", 3L, 4L), (beat.NodeId, beat.Collector.GpuSource, beat.Collector.DriverVersion,
            beat.Collector.MessagesQueued, beat.Collector.MessagesDropped));
        Assert.Null(beat.CpuPercent);
        Assert.Equal(10, beat.AverageGpuUtilizationPercent);
        Assert.Equal((true, false, "the driver is away"), (beat.Collector.GameMode, beat.Collector.GuardEnabled, Assert.Single(beat.Collector.Problems)));
        Assert.Same(beat, _latest.Host);
    }

    [Fact]
    public void Whoever_asks_for_everything_while_a_game_runs_gets_the_cheap_readings()
    {
        _pace.GameMode = true;
        _sampler.Look();
        Assert.Equal((1, 0, 0), (_source.Gpu.ReadCount, _source.Gpu.DetailCount, _source.Gpu.ProcessListCount));
    }

    [Fact]
    public void A_look_at_the_processes_reads_no_details_and_takes_no_list_from_the_samples()
    {
        _processes.Add(7, "game");
        _source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        Assert.True(_sampler.LookAtProcesses());
        Assert.Equal((0, 1), (_source.Gpu.DetailCount, _source.Gpu.ProcessListCount));
        Assert.Equal(ProcessChange.Started, Assert.Single(_published.ProcessEvents).Change);
        Assert.Empty(_published.Samples);
        _sampler.Tick();
        Assert.Equal(7, Assert.Single(Assert.Single(_published.Samples).Gpus[0].Processes!).Pid);
    }

    [Fact]
    public void A_look_at_the_processes_wakes_no_GPU_and_disturbs_no_game()
    {
        _source.Gpu.Asleep = true;
        _sampler.LookAtProcesses();
        _source.Gpu.Asleep = false;
        _pace.GameMode = true;
        _sampler.LookAtProcesses();
        Assert.Equal(0, _source.Gpu.ProcessListCount);
    }

    [Fact]
    public void That_processes_may_have_ended_is_looked_for_without_the_driver()
    {
        _processes.Add(7, "game");
        _source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        _sampler.LookAtProcesses();
        var readCount = _source.Gpu.ReadCount;
        Assert.True(_sampler.LookForEnds(isCertain: false));
        Assert.Equal((readCount, 1), (_source.Gpu.ReadCount, _published.ProcessEvents.Count));
        _processes.Table.Remove(7);
        Assert.True(_sampler.LookForEnds(isCertain: false));
        Assert.Equal((readCount + 1, ProcessChange.Exited), (_source.Gpu.ReadCount, _published.ProcessEvents[^1].Change));
    }

    private sealed class CheckDouble(string problem) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Degraded(problem));
    }
}
