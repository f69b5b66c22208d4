using System.Diagnostics.Metrics;
using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class HealthApiTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly LatestSample _latest;

    public HealthApiTests() => _latest = new LatestSample(Options.Create(new SamplingOptions()), _clock);

    [Fact]
    public async Task Health_for_programs_says_the_same_as_health_for_probes()
    {
        await using var host = await CollectorHost.StartAsync((source, _) => source.Gpu.Reading = new() { Error = "GPU is lost", IsLost = true });
        var report = await host.JsonAsync("/api/health");
        var probe = await host.JsonAsync("/health");
        Assert.Equal(probe.GetProperty("status").GetString(), report.GetProperty("status").GetString(), ignoreCase: true);
        Assert.Equal(
            probe.GetProperty("checks").EnumerateObject().Select(check => (check.Name, check.Value.GetProperty("status").GetString()!.ToLowerInvariant())),
            report.GetProperty("checks").EnumerateArray().Select(check => (check.GetProperty("name").GetString()!, check.GetProperty("status").GetString()!)));
        var problem = Assert.Single(report.GetProperty("problems").EnumerateArray()).GetString();
        Assert.Equal("GPU 0 (Card) is lost: GPU is lost. It comes back when it is reset or the machine restarts", problem);
        Assert.True(report.GetProperty("sources")[0].GetProperty("is_available").GetBoolean());
    }

    [Theory]
    [InlineData("auto", HealthStatus.Healthy)]
    [InlineData("nvml", HealthStatus.Degraded)]
    public async Task No_gpu_is_healthy_unless_one_is_expected(string source, HealthStatus expected)
    {
        _latest.Gpus = new GpuSnapshot(null, new SourceInfo("none", "no driver"), []);
        var result = await Gpu(source);
        Assert.Equal(expected, result.Status);
        Assert.Contains("no driver", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_gpu_that_does_not_answer_is_a_problem_of_its_own_and_a_sleeping_one_is_none()
    {
        Sampled(Card(0), Card(1) with { State = GpuState.Sleeping });
        Assert.Equal(HealthStatus.Healthy, (await Gpu("auto")).Status);
        Sampled(Card(0) with { State = GpuState.Failing, Error = "not now" }, Card(1), Card(2) with { State = GpuState.Stalled, Error = "no answer for 9 s" });
        var result = await Gpu("auto");
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal(
            ["GPU 0 (Card) cannot be read: not now", "GPU 2 (Card) hangs: no answer for 9 s. Other GPUs are read on"], CollectorHealth.ProblemsOf(result));
    }

    [Fact]
    public async Task A_gpu_that_could_not_be_opened_degrades()
    {
        _latest.Gpus = new GpuSnapshot(_clock.GetUtcNow(), new SourceInfo("nvml") { Missing = "GPU 1 cannot be opened: no" }, [Card(0)]);
        var result = await Gpu("auto");
        Assert.Equal((HealthStatus.Degraded, "GPU 1 cannot be opened: no"), (result.Status, result.Description));
    }

    [Fact]
    public async Task A_loop_that_fails_degrades_and_one_that_does_not_tick_is_unhealthy()
    {
        using var meter = new Meter("test");
        var failing = false;
        using var loop = new TickLoop("GPU sampler", TimeSpan.FromSeconds(2), () => !failing ? true : throw new InvalidOperationException("no disk"),
            meter.CreateCounter<long>("failures"), _clock, new LogDouble<TickLoop>());
        var check = new LoopHealthCheck(loop);
        loop.RunOnce();
        Assert.Equal((HealthStatus.Healthy, _clock.GetUtcNow()), (await StatusOf(check), loop.LastSucceededAt));
        failing = true;
        loop.RunOnce();
        Assert.Equal((HealthStatus.Degraded, "no disk"), (await StatusOf(check), loop.Failure));
        failing = false;
        loop.RunOnce();
        Assert.Equal(HealthStatus.Healthy, await StatusOf(check));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HealthStatus.Unhealthy, await StatusOf(check));
    }

    [Fact]
    public async Task Messages_that_were_given_up_are_a_problem_for_a_while()
    {
        var check = new LossHealthCheck(new PublisherDouble(), _clock);
        Assert.Equal(HealthStatus.Degraded, await StatusOf(check));
        _clock.Advance(LossHealthCheck.RecentFor);
        Assert.Equal(HealthStatus.Healthy, await StatusOf(check));
    }

    private static async Task<HealthStatus> StatusOf(IHealthCheck check) => (await check.CheckHealthAsync(new HealthCheckContext(), CancellationToken.None)).Status;

    private static GpuSample Card(int index) => new() { Uuid = $"GPU-{index}", Index = index, Name = "Card" };

    private void Sampled(params GpuSample[] gpus) => _latest.Gpus = new GpuSnapshot(_clock.GetUtcNow(), new SourceInfo("nvml"), gpus);

    private Task<HealthCheckResult> Gpu(string source) =>
        new GpuHealthCheck(_latest, Options.Create(new GpuOptions { Source = source })).CheckHealthAsync(new HealthCheckContext(), CancellationToken.None);
}
