using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Profiling counters of a GPU, or of an instance of it: what happened between this reading and the one before. Holds two samples of the
/// library's, which are freed with <see cref="Dispose"/>.
/// </summary>
internal sealed unsafe class NvmlProfiling(NvmlApi api, NvmlAnswers answers, NvmlDevice device, uint? instance = null) : IDisposable
{
    private const double BytesPerMebibyte = 1 << 20;

    // More than any link moves in a second
    private const double MostMebibytes = 1 << 24;

    private static readonly uint[] Metrics = [1, 2, 3, 5, 10, 20, 21];

    private readonly NvmlGpmApi _api = api.Gpm;
    private readonly NvmlQuery _support = answers.Query("nvmlGpmQueryDeviceSupport");
    private readonly NvmlQuery _allocate = answers.Query("nvmlGpmSampleAlloc");
    private readonly NvmlQuery _take = answers.Query(instance is null ? "nvmlGpmSampleGet" : "nvmlGpmMigSampleGet");
    private readonly NvmlQuery _metrics = answers.Query("nvmlGpmMetricsGet");
    private NvmlGpmRequest _request;
    private nint _before;
    private nint _after;
    private bool _isSupported;
    private bool _hasBefore;

    /// <summary>Null at the first reading, and on a GPU without such counters.</summary>
    public GpuProfiling? Read()
    {
        if (!IsReady() || !_take.IsOpen)
            return null;
        if (!_take.Accept(_api.Take(device, instance, _after)))
        {
            _hasBefore = false;
            return null;
        }
        var profiling = _hasBefore && _metrics.IsOpen ? Compare() : null;
        (_before, _after, _hasBefore) = (_after, _before, true);
        return profiling;
    }

    public void Dispose()
    {
        foreach (var sample in (ReadOnlySpan<nint>)[_before, _after])
            if (sample != 0)
                answers.Judge("nvmlGpmSampleFree", _api.Free(sample));
        (_before, _after, _hasBefore) = (0, 0, false);
    }

    private bool IsReady()
    {
        if (!_isSupported && _support.IsOpen)
        {
            var support = new NvmlGpmSupport { Version = NvmlGpmSupport.CurrentVersion };
            var answered = _support.Accept(_api.Support.Read(device, &support));
            _isSupported = answered && support.IsSupported == 1;
            if (answered && !_isSupported)
                _support.Accept(NvmlStatus.NotSupported);
        }
        return _isSupported && Allocate(ref _before) && Allocate(ref _after);
    }

    private bool Allocate(ref nint sample) => sample != 0 || (_allocate.IsOpen && _allocate.Accept(_api.Allocate(out sample)) && sample != 0);

    private GpuProfiling? Compare()
    {
        (_request.Version, _request.Count, _request.Before, _request.After) =
            (NvmlGpmRequest.CurrentVersion, (uint)Metrics.Length, _before, _after);
        for (var i = 0; i < Metrics.Length; i++)
            _request.Metrics[i] = new NvmlGpmMetric { Id = Metrics[i], Status = NvmlStatus.NoData, Value = double.NaN };
        if (!_metrics.Accept(_api.Metrics(ref _request)))
            return null;
        var profiling = new GpuProfiling
        {
            GraphicsActivityPercent = Percent(0),
            SmActivityPercent = Percent(1),
            SmOccupancyPercent = Percent(2),
            TensorActivityPercent = Percent(3),
            MemoryBandwidthPercent = Percent(4),
            PcieSentBytesPerSecond = BytesPerSecond(5),
            PcieReceivedBytesPerSecond = BytesPerSecond(6),
        };
        return profiling == new GpuProfiling() ? null : profiling;
    }

    private double? Value(int position, double most)
    {
        ref readonly var metric = ref _request.Metrics[position];
        return metric.Status == NvmlStatus.Success && metric.Id == Metrics[position] && metric.Value >= 0 && metric.Value <= most ? metric.Value : null;
    }

    private double? Percent(int position) => Value(position, 100);

    private double? BytesPerSecond(int position) => Value(position, MostMebibytes) * BytesPerMebibyte;
}
