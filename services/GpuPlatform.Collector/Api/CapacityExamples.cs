using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Api;

/// <summary>Answers about an invented GPU's memory, for the OpenAPI document.</summary>
internal static class CapacityExamples
{
    private const string Gpu = "GPU-6b8f1c1e-2f60-4f52-9d1e-0c3a7a3f1b21";
    private const long GiB = 1L << 30;

    public static ApiExample<CapacityReport> Report => new(new CapacityReport
    {
        NodeId = "desk", SampledAt = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero),
        Gpus =
        [
            new()
            {
                GpuUuid = Gpu, GpuIndex = 0, Name = "NVIDIA GeForce RTX 4090", State = GuardState.Serving, TotalBytes = 24 * GiB, FreeBytes = 9 * GiB,
                ReclaimableBytes = 11 * GiB, UsedByKind = [new(WorkloadKind.LlmInference, 11 * GiB, 1), new(WorkloadKind.Desktop, GiB, 3)], TrendBytesPerMinute = 0,
            },
        ],
    }, ApiJson.Default.CapacityReport);

    public static ApiExample<PlacementReport> Placement => new(new PlacementReport
    {
        NodeId = "desk", Model = "qwen3:32b", NeededBytes = 20 * GiB, NeededFrom = NeedSource.Measured, Fit = PlacementFit.AfterUnloading, GpuUuid = Gpu,
        Reason = "GPU 0: 20.0 GiB are needed, 9.0 GiB are free and 11.0 GiB would be after unloading models",
        Gpus = [new(Gpu, 0, PlacementFit.AfterUnloading, "20.0 GiB are needed, 9.0 GiB are free and 11.0 GiB would be after unloading models")],
    }, ApiJson.Default.PlacementReport);
}
