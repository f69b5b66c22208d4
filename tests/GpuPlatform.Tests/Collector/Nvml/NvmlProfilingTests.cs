using GpuPlatform.Collector.Nvml;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlProfilingTests : IDisposable
{
    private readonly NvmlFixture _nvml = new(profiling: true);

    public void Dispose() => _nvml.Dispose();

    private GpuProfiling? Profiling => _nvml.ReadDetails()!.Value.Details.Profiling;

    [Fact]
    public void Two_readings_together_say_what_happened_between()
    {
        Assert.Null(Profiling);
        var expected = new GpuProfiling
        {
            GraphicsActivityPercent = 2,
            SmActivityPercent = 4,
            SmOccupancyPercent = 6,
            TensorActivityPercent = 10,
            MemoryBandwidthPercent = 20,
            PcieSentBytesPerSecond = 40 * 1048576,
            PcieReceivedBytesPerSecond = 42 * 1048576,
        };
        Assert.Equal(expected, Profiling);
        Assert.Equal(expected, Profiling);
        Assert.Equal((2, 2), (NvmlDoubleGpm.Held, NvmlDouble.CallCounts["nvmlGpmSampleAlloc"]));
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void Samples_are_given_back_with_the_session()
    {
        _ = Profiling;
        Assert.Equal(2, NvmlDoubleGpm.Held);
        _nvml.Source.Dispose();
        Assert.Equal(0, NvmlDoubleGpm.Held);
    }

    [Fact]
    public void A_failed_sample_is_no_start_of_a_comparison()
    {
        _ = Profiling;
        NvmlDouble.StatusByFunction["nvmlGpmSampleGet"] = NvmlStatus.Timeout;
        Assert.Null(Profiling);
        NvmlDouble.StatusByFunction.Clear();
        Assert.Null(Profiling);
        Assert.NotNull(Profiling);
    }

    [Fact]
    public void A_gpu_without_the_counters_is_asked_once()
    {
        NvmlDoubleGpm.IsSupported = false;
        for (var i = 0; i < 3; i++)
            Assert.Null(Profiling);
        Assert.Equal(1, NvmlDouble.CallCounts["nvmlGpmQueryDeviceSupport"]);
        Assert.False(NvmlDouble.CallCounts.ContainsKey("nvmlGpmSampleAlloc"));
    }

    [Fact]
    public void Nothing_is_asked_where_it_is_not_switched_on()
    {
        using var nvml = new NvmlFixture();
        Assert.Null(nvml.ReadDetails()!.Value.Details.Profiling);
        Assert.DoesNotContain(NvmlDouble.CallCounts.Keys, function => function.StartsWith("nvmlGpm", StringComparison.Ordinal));
    }
}
