using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlReadingTests : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly NvmlFixture _nvml;

    public NvmlReadingTests() => _nvml = new NvmlFixture(memoryRoot: _tree.Root);

    public void Dispose()
    {
        _nvml.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public void Without_the_second_memory_call_the_first_is_used()
    {
        NvmlDouble.MissingSymbols.Add("nvmlDeviceGetMemoryInfo_v2");
        var reading = _nvml.Read()[0];
        Assert.Equal(24L << 30, reading.MemoryTotalBytes);
        Assert.Null(reading.MemoryReservedBytes);
    }

    [Theory]
    [InlineData(NvmlStatus.ArgumentVersionMismatch)]
    [InlineData(NvmlStatus.NotSupported)]
    public void A_library_that_refuses_the_second_memory_call_is_asked_by_the_first_and_not_again(object status)
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetMemoryInfo_v2"] = (NvmlStatus)status;
        _nvml.Read();
        _nvml.Read();
        // Both GPUs, once each; the first call was asked at the opening, too
        Assert.Equal(2, NvmlDouble.CallCounts["nvmlDeviceGetMemoryInfo_v2"]);
        Assert.Equal(24L << 30, _nvml.Read()[0].MemoryTotalBytes);
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void Without_the_new_temperature_call_the_old_is_used()
    {
        NvmlDouble.MissingSymbols.Add("nvmlDeviceGetTemperatureV");
        Assert.Equal(61, _nvml.Read()[0].TemperatureCelsius);
    }

    [Fact]
    public void What_a_gpu_does_not_have_is_asked_once_a_session_and_again_in_the_next()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetPowerUsage"] = NvmlStatus.NotSupported;
        for (var tick = 0; tick < 5; tick++)
            Assert.All(_nvml.Read(), reading => Assert.Null(reading.PowerWatts));
        Assert.Equal(2, NvmlDouble.CallCounts["nvmlDeviceGetPowerUsage"]);
        NvmlDouble.StatusByFunction.Clear();
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.Uninitialized;
        _nvml.Read();
        NvmlDouble.StatusByFunction.Clear();
        Assert.All(_nvml.Read(), reading => Assert.Equal(123.456, reading.PowerWatts));
    }

    [Theory]
    [InlineData(NvmlStatus.NotFound)]
    [InlineData(NvmlStatus.NoData)]
    [InlineData(NvmlStatus.Timeout)]
    [InlineData(NvmlStatus.Unknown)]
    public void An_answer_of_the_moment_is_asked_again(object status)
    {
        _nvml.Source.Open();
        NvmlDouble.StatusByFunction["nvmlDeviceGetPowerUsage"] = (NvmlStatus)status;
        Assert.All(_nvml.Read(), reading => Assert.Null(reading.PowerWatts));
        NvmlDouble.StatusByFunction.Clear();
        Assert.All(_nvml.Read(), reading => Assert.Equal(123.456, reading.PowerWatts));
    }

    [Fact]
    public void Values_the_driver_does_not_know_or_cannot_mean_are_null_not_zero()
    {
        NvmlDoubleReadings.Memory = new() { Total = 24UL << 30, Used = ulong.MaxValue, Free = ulong.MaxValue, Reserved = 25UL << 30 };
        NvmlDoubleReadings.Utilization = new() { GpuPercent = 101, MemoryPercent = uint.MaxValue };
        NvmlDoubleReadings.Celsius = int.MaxValue;
        NvmlDoubleReadings.PowerMilliwatts = uint.MaxValue;
        NvmlDoubleReadings.EnergyMillijoules = ulong.MaxValue;
        Assert.Equal(new GpuReading { MemoryTotalBytes = 24L << 30 }, _nvml.Read()[0]);
    }

    [Fact]
    public void A_library_that_says_success_and_writes_nothing_has_not_said_zero()
    {
        _nvml.Source.Open();
        NvmlDouble.WritesNothing = true;
        Assert.Equal(default, _nvml.Read()[0]);
    }

    [Fact]
    public void Zero_is_zero_when_the_driver_says_zero()
    {
        NvmlDoubleReadings.Utilization = default;
        (NvmlDoubleReadings.PowerMilliwatts, NvmlDoubleReadings.EnergyMillijoules) = (0, 0);
        var reading = _nvml.Read()[0];
        Assert.Equal((0d, 0d, 0d), (reading.UtilizationPercent, reading.PowerWatts, reading.EnergyJoules));
    }

    [Fact]
    public void A_chip_without_memory_of_its_own_shows_the_hosts()
    {
        _tree.Write("proc/meminfo", "MemTotal:       125000000 kB\nMemFree:         1000000 kB\nMemAvailable:   100000000 kB\nBuffers: 1 kB\n");
        NvmlDoubleReadings.Memory = default;
        var byTotal = _nvml.Read()[0];
        NvmlDouble.StatusByFunction["nvmlDeviceGetMemoryInfo_v2"] = NvmlStatus.NotSupported;
        NvmlDouble.StatusByFunction["nvmlDeviceGetMemoryInfo"] = NvmlStatus.NotSupported;
        foreach (var reading in (GpuReading[])[byTotal, _nvml.Read()[0], _nvml.Read()[0]])
        {
            Assert.True(reading.MemoryIsShared);
            Assert.Equal(
                (125_000_000L * 1024, 25_000_000L * 1024, 100_000_000L * 1024),
                (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MemTotal: 5 kB\n")]
    [InlineData("MemTotal: 5 kB\nMemAvailable: 6 kB\n")]
    [InlineData("MemTotal: 0 kB\nMemAvailable: 0 kB\n")]
    public void A_host_that_does_not_tell_its_memory_leaves_none(string? meminfo)
    {
        if (meminfo is not null)
            _tree.Write("proc/meminfo", meminfo);
        NvmlDoubleReadings.Memory = default;
        var reading = _nvml.Read()[0];
        Assert.Equal((null, null, false), (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryIsShared));
    }

    [Fact]
    public void Reading_the_hosts_memory_allocates_nothing()
    {
        _tree.Write("proc/meminfo", "MemTotal:  16000000 kB\nMemFree:  1 kB\nMemAvailable: 8000000 kB\n");
        NvmlDoubleReadings.Memory = default;
        var readings = _nvml.Read();
        _nvml.Source.Gpus[0].Read(ref readings[0]);
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
                _nvml.Source.Gpus[0].Read(ref readings[0]);
        }));
        Assert.True(readings[0].MemoryIsShared);
    }
}
