using GpuPlatform.Collector.Nvml;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlFactTests : IDisposable
{
    private readonly NvmlFixture _nvml = new();

    public void Dispose() => _nvml.Dispose();

    private GpuFacts Facts => _nvml.ReadDetails()!.Value.Details.Facts!;

    [Fact]
    public void Every_fact_comes_through_the_marshalling_in_its_unit()
    {
        Assert.Equal(
            new GpuFacts
            {
                Vendor = "nvidia",
                Source = "nvml",
                PciBusId = "0000:c2:1f.0",
                DriverVersion = "580.65.06",
                SerialNumber = "1324620081234",
                VbiosVersion = "95.02.18.80.01",
                ComputeCapability = "8.9",
                FanCount = 2,
                MaxGraphicsClockMegahertz = 3000,
                MaxSmClockMegahertz = 3001,
                MaxMemoryClockMegahertz = 3002,
                MinPowerLimitWatts = 150,
                MaxPowerLimitWatts = 600,
                DefaultPowerLimitWatts = 450,
                MaxPcieGeneration = 5,
                MaxPcieLaneCount = 16,
                ShutdownTemperatureCelsius = 90,
                SlowdownTemperatureCelsius = 91,
                MaxMemoryTemperatureCelsius = 92,
                MaxOperatingTemperatureCelsius = 93,
            },
            Facts);
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void Facts_are_read_once_a_session()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal("1324620081234", Facts.SerialNumber);
        Assert.Equal((1, 4), (NvmlDouble.CallCounts["nvmlDeviceGetSerial"], NvmlDouble.CallCounts["nvmlDeviceGetTemperatureThreshold"]));
    }

    [Fact]
    public void An_answer_without_any_threshold_is_not_kept()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetTemperatureThreshold"] = NvmlStatus.NotSupported;
        Assert.Null(Facts.ShutdownTemperatureCelsius);
        NvmlDouble.StatusByFunction.Clear();
        Assert.Equal(90, Facts.ShutdownTemperatureCelsius);
        Assert.Equal(1, NvmlDouble.CallCounts["nvmlDeviceGetSerial"]);
    }

    [Fact]
    public void A_gpu_that_never_has_thresholds_is_not_asked_for_ever()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetTemperatureThreshold"] = NvmlStatus.NotSupported;
        for (var i = 0; i < 50; i++)
            _ = Facts;
        Assert.Equal(40, NvmlDouble.CallCounts["nvmlDeviceGetTemperatureThreshold"]);
    }

    [Fact]
    public void Facts_that_failed_are_read_again()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetSerial"] = NvmlStatus.Timeout;
        Assert.Null(Facts.SerialNumber);
        NvmlDouble.StatusByFunction.Clear();
        Assert.Equal("1324620081234", Facts.SerialNumber);
    }

    [Theory]
    [InlineData(0u, 1u, 0u, "0000:01:00.0")]
    [InlineData(0u, 0xC1u, 0x1Fu, "0000:c1:1f.0")]
    [InlineData(0x10000u, 0u, 0u, "10000:00:00.0")] // behind a volume management device
    [InlineData(uint.MaxValue, 1u, 0u, null)]
    [InlineData(0u, 256u, 0u, null)]
    [InlineData(0u, 1u, 32u, null)]
    public void A_bus_address_is_written_as_the_kernel_does(uint domain, uint bus, uint device, string? expected) =>
        Assert.Equal(expected, NvmlFactReader.KernelBusId(domain, bus, device));
}
