using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Nvml;

/// <summary>What is counted of the driver's life and of its events.</summary>
internal sealed class NvmlCounters
{
    private readonly Counter<long> _xids;
    private readonly Counter<long> _memoryErrors;
    private long _initFailureCount;
    private long _leftBehindCount;

    public NvmlCounters(Meter meter)
    {
        // Observed, so that the series are there before the first failure
        meter.CreateObservableCounter(
            "nvml_init_failures_total", () => Interlocked.Read(ref _initFailureCount), unit: null, "Attempts to open NVML that its library refused.");
        meter.CreateObservableCounter(
            "nvml_sessions_left_behind_total", () => Interlocked.Read(ref _leftBehindCount), unit: null, "NVML sessions that could not be opened or closed in time because a call hangs in the driver.");
        _xids = meter.CreateCounter<long>("gpu_xid_errors_total", unit: null, "Errors the driver reported as events, by GPU and XID code.");
        _memoryErrors = meter.CreateCounter<long>(
            "gpu_memory_error_events_total", unit: null, "Memory errors the driver reported as events, by GPU and kind.");
    }

    public void InitFailed() => Interlocked.Increment(ref _initFailureCount);

    public void LeftBehind() => Interlocked.Increment(ref _leftBehindCount);

    public void Xid(string uuid, int index, int code) =>
        _xids.Add(1, new("uuid", uuid), new("gpu", index.ToString()), new("xid", code));

    public void MemoryError(string uuid, int index, bool isCorrected) => _memoryErrors.Add(
        1, new("uuid", uuid), new("gpu", index.ToString()), new("kind", isCorrected ? "corrected" : "uncorrected"));
}
