using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class HangingDriverTests
{
    [Fact]
    public async Task While_one_gpus_driver_call_hangs_the_other_is_read_everything_answers_and_it_stops()
    {
        using var source = new SourceDouble();
        var other = new GpuDouble(1, "GPU-b");
        source.Replace(source.Gpu, other);
        var heartbeats = new HeartbeatCollector();
        var host = await DefaultsHost.StartAsync(
            [new("Sampling:Interval", "00:00:00.1"), new("Sampling:HostInterval", "00:00:00.1"), new("Gpu:StallAfter", "00:00:03")],
            builder =>
            {
                builder.AddSampling();
                builder.AddGpuApi();
                builder.Services.AddSingleton<IReadOnlyList<IGpuSource>>([source]);
                builder.Services.AddSingleton<IPublisher>(heartbeats);
            },
            app => app.MapGpuApi());
        using var release = new ManualResetEventSlim();
        source.Gpu.HangUntil = release;
        await Until.True(() => heartbeats.LastSample?.Gpus[0].State == GpuState.Stalled);

        var (beats, reads) = (heartbeats.Count, other.ReadCount);
        GpuSampled? both = null;
        await Until.True(() =>
        {
            both = heartbeats.LastSample;
            return heartbeats.Count >= beats + 3 && other.ReadCount >= reads + 3
                && both!.Gpus[0].State == GpuState.Stalled && both.Gpus[1].State == GpuState.Active;
        });
        var (stalled, answering) = (both!.Gpus[0], both.Gpus[1]);
        Assert.Contains("has not answered", stalled.Error, StringComparison.Ordinal);
        Assert.Null(stalled.UtilizationPercent);
        Assert.Equal(10d, answering.UtilizationPercent);
        var devices = await host.Client.GetStringAsync(new Uri(Routes.GpuDevices, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("\"is_available\":false", devices, StringComparison.Ordinal);
        Assert.Contains("\"is_available\":true", devices, StringComparison.Ordinal);

        source.Gpu.HangUntil = null;
        release.Set();
        await Until.True(() => heartbeats.LastSample?.Gpus[0].State == GpuState.Active);
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private sealed class HeartbeatCollector : IPublisher
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public GpuSampled? LastSample { get; private set; }

        public long QueuedCount => 0;

        public long DroppedCount => 0;

        public void Publish(GpuSampled message) => LastSample = message;

        public void Publish(HostSampled message) => Interlocked.Increment(ref _count);

        public void Publish(GpuProcessObserved message)
        {
            // Not asked for here
        }
    }
}
