using System.Net;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class HangingDriverTests
{
    [Fact]
    public async Task While_a_driver_call_hangs_the_service_answers_its_heart_beats_and_it_stops()
    {
        using var source = new HangingSource();
        var heartbeats = new HeartbeatCollector();
        var host = await DefaultsHost.StartAsync(
            [new("Sampling:Interval", "00:00:00.1"), new("Sampling:HostInterval", "00:00:00.1")],
            builder =>
            {
                builder.AddSampling();
                builder.AddGpuApi();
                builder.Services.AddSingleton<IGpuSource>(source);
                builder.Services.AddSingleton<IPublisher>(heartbeats);
            },
            app => app.MapGpuApi());
        await Until.True(() => source.Hangs && heartbeats.Last?.Collector.GpuUnavailableReason is not null);

        var beats = heartbeats.Count;
        await Until.True(() => heartbeats.Count >= beats + 3);
        Assert.Contains("hang", heartbeats.Last!.Collector.GpuUnavailableReason, StringComparison.Ordinal);
        using var health = await host.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("GPU sampler has not ended a tick", await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var devices = await host.Client.GetStringAsync(new Uri(Routes.GpuDevices, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("\"is_available\":false", devices, StringComparison.Ordinal);

        // The host's own patience with a service that does not stop is 30 s
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(source.Hangs);
    }

    private sealed class HangingSource : IGpuSource
    {
        private readonly ManualResetEventSlim _release = new();
        private volatile bool _hangs;
        private int _readCount;

        public bool Hangs => _hangs;

        public SourceInfo Info { get; } = new(SourceInfo.Nvml);

        public IReadOnlyList<GpuIdentity> Devices { get; } = [new(0, "GPU-a", "Card")];

        public GpuPlatform.Collector.Processes.IProcessReader Processes { get; } = new ProcessDouble();

        public bool Open() => true;

        public void Read(Span<GpuReading> readings)
        {
            if (++_readCount < 3)
                return;
            _hangs = true;
            _release.Wait();
        }

        public bool ReadProcesses(int position, List<GpuProcessReading> processes) => true;

        // By the test alone, after the host is gone: the host does not own an instance it was given
        public void Dispose() => _release.Set();
    }

    private sealed class HeartbeatCollector : IPublisher
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public HostSampled? Last { get; private set; }

        public long QueuedCount => 0;

        public long DroppedCount => 0;

        public void Publish(GpuSampled message)
        {
            // Not asked for here
        }

        public void Publish(HostSampled message)
        {
            Last = message;
            Interlocked.Increment(ref _count);
        }

        public void Publish(GpuProcessObserved message)
        {
            // Not asked for here
        }
    }
}
