using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Nvml;

/// <summary>What is counted of the driver's life and of its events.</summary>
internal sealed class NvmlCounters
{
    private readonly Counter<long> _initFailures;
    private readonly Counter<long> _leftBehind;
    private readonly Counter<long> _xids;
    private readonly Counter<long> _memoryErrors;

    public NvmlCounters(Meter meter)
    {
        _initFailures = meter.CreateCounter<long>("nvml_init_failures_total", unit: null, "Attempts to open NVML that its library refused.");
        _leftBehind = meter.CreateCounter<long>(
            "nvml_sessions_left_behind_total", unit: null, "NVML sessions that could not be opened or closed in time because a call hangs in the driver.");
        _xids = meter.CreateCounter<long>("gpu_xid_errors_total", unit: null, "Errors the driver reported as events, by GPU and XID code.");
        _memoryErrors = meter.CreateCounter<long>(
            "gpu_memory_error_events_total", unit: null, "Memory errors the driver reported as events, by GPU and kind.");
        // Without a first measurement there would be no series to compare with
        _initFailures.Add(0);
        _leftBehind.Add(0);
    }

    public void InitFailed() => _initFailures.Add(1);

    public void LeftBehind() => _leftBehind.Add(1);

    public void Xid(string uuid, int index, int code) =>
        _xids.Add(1, new("uuid", uuid), new("gpu", index.ToString()), new("xid", code));

    public void MemoryError(string uuid, int index, bool isCorrected) => _memoryErrors.Add(
        1, new("uuid", uuid), new("gpu", index.ToString()), new("kind", isCorrected ? "corrected" : "uncorrected"));
}
