using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Host;

/// <summary>One heartbeat: the host's load and what the collector says of itself. Sent whether or not there is a GPU.</summary>
internal sealed class HostSampler(
    string nodeId, HostReader reader, LatestSample latest, PresentGpus present, SamplingPace pace, CollectorHealth health, IPublisher publisher,
    TimeProvider clock, IOptions<GuardOptions> guard)
{
    public void Tick()
    {
        using var activity = CollectorTelemetry.Source.StartActivity("sample host");
        var reading = reader.Read();
        var gpus = latest.Gpus;
        var source = gpus.Source;
        var message = new HostSampled
        {
            NodeId = nodeId,
            SampledAt = GpuSampler.WholeMilliseconds(clock.GetUtcNow()),
            CpuPercent = reading.CpuPercent,
            MemoryTotalBytes = reading.MemoryTotalBytes,
            MemoryUsedBytes = reading.MemoryUsedBytes,
            LogicalProcessorCount = reading.LogicalProcessorCount,
            TaskCount = reading.Load?.TaskCount,
            LoadAverage1Minute = reading.Load?.OneMinute,
            LoadAverage5Minutes = reading.Load?.FiveMinutes,
            LoadAverage15Minutes = reading.Load?.FifteenMinutes,
            AverageGpuUtilizationPercent = GpuTotals.Of(present.Read()).UtilizationPercent,
            Collector = new CollectorStatus
            {
                Version = CollectorTelemetry.Version,
                GpuSource = source.Name,
                GpuUnavailableReason = latest.UnavailableReason(gpus),
                DriverVersion = source.DriverVersion,
                CudaVersion = source.CudaVersion,
                NvmlVersion = source.NvmlVersion,
                MessagesQueued = publisher.QueuedCount,
                MessagesDropped = publisher.DroppedCount,
                Problems = health.Check().Problems,
                GameMode = pace.GameMode,
                GuardEnabled = guard.Value.Enabled,
            },
        };
        latest.Host = message;
        publisher.Publish(message);
    }
}
