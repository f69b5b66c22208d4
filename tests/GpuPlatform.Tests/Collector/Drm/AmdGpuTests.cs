using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class AmdGpuTests : IDisposable
{
    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_discrete_card_is_read_from_its_files()
    {
        Captures.WriteRadeon(_host.Tree);
        var reading = _host.Read();
        Assert.Equal((37d, 12d, 51d, 142d), (reading.UtilizationPercent, reading.MemoryUtilizationPercent, reading.TemperatureCelsius, reading.PowerWatts));
        Assert.Equal((25753026560, 3221225472, 22531801088), (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes));
        Assert.False(reading.MemoryIsShared);
        Assert.Null(reading.Error);
        Assert.Equal("AMD-6e2c5b5d1d5a6f3a", _host.Gpu.Identity.Uuid);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void Its_details_come_by_their_labels_and_its_link_is_that_of_the_boards_own_switch()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Read();
        var (details, limit) = Assert.NotNull(_host.Gpu.ReadDetails());
        Assert.Equal((64d, 70d, 142d, null), (details.HotspotTemperatureCelsius, details.MemoryTemperatureCelsius, details.PowerAverageWatts, details.PowerInstantWatts));
        Assert.Equal((2310d, 1249d, 893d), (details.GraphicsClockMegahertz, details.MemoryClockMegahertz, details.VoltageMillivolts));
        Assert.Equal((3, 8), (details.PcieGeneration, details.PcieLaneCount));
        var fan = Assert.Single(details.Fans!);
        Assert.Equal((1180d, 40d), (fan.SpeedRpm, fan.SpeedPercent));
        Assert.Equal(339, limit);
        Assert.Equal(
            new GpuFacts
            {
                Vendor = "amd", Source = "amdgpu", PciBusId = "0000:03:00.0", DriverVersion = "6.12.9-arch1", VbiosVersion = "113-D7020100-102", FanCount = 1,
                MaxGraphicsClockMegahertz = 2526, MaxMemoryClockMegahertz = 1249, MinPowerLimitWatts = 0, MaxPowerLimitWatts = 390,
                DefaultPowerLimitWatts = 339, MaxPcieGeneration = 4, MaxPcieLaneCount = 16, ShutdownTemperatureCelsius = 105,
                SlowdownTemperatureCelsius = 100, MaxMemoryTemperatureCelsius = 108,
            },
            details.Facts);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void Clocks_come_from_the_levels_where_the_sensors_have_none()
    {
        Captures.WriteRadeon(_host.Tree);
        File.Delete(Path.Combine(_host.Tree.Root, Captures.RadeonSensors, "freq1_label"));
        _host.Read();
        Assert.Equal(2304, _host.Gpu.ReadDetails()!.Value.Details.GraphicsClockMegahertz);
    }

    [Fact]
    public void An_apu_uses_the_hosts_memory_and_promises_no_more_than_the_host_has()
    {
        Captures.WriteApu(_host.Tree);
        var reading = _host.Read();
        Assert.True(reading.MemoryIsShared);
        Assert.Equal((16536870912, 1500000000), (reading.MemoryTotalBytes, reading.MemoryUsedBytes));
        Assert.Equal(36870912 + 15000000000, reading.MemoryFreeBytes);
        Assert.Equal((4d, 9d), (reading.UtilizationPercent, reading.PowerWatts));
        _host.Tree.Write("proc/meminfo", "MemTotal:       32768000 kB\nMemAvailable:   1000 kB\n");
        Assert.Equal(36870912 + 1024000, _host.Read().MemoryFreeBytes);
        Assert.Equal("PCI-0000:c4:00.0", _host.Gpu.Identity.Uuid);
    }

    [Fact]
    public void A_card_without_a_sensor_at_the_edge_tells_its_hottest_point()
    {
        Captures.WriteInstinct(_host.Tree);
        Assert.Equal(71, _host.Read().TemperatureCelsius);
        var (details, limit) = Assert.NotNull(_host.Gpu.ReadDetails());
        Assert.Equal((71d, 62d, 611d, 750d), (details.HotspotTemperatureCelsius, details.MemoryTemperatureCelsius, details.PowerInstantWatts, limit));
        Assert.Equal("692432001234", details.Facts!.SerialNumber);
        Assert.Equal("AMD Instinct MI300X OAM", _host.Gpu.Identity.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n/a")]
    [InlineData("-1")]
    [InlineData("101")]
    [InlineData("37 %")]
    [InlineData("99999999999999999999999")]
    [InlineData("\0\0")]
    public void What_is_no_percentage_is_null_and_counted(string text)
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(Captures.Radeon + "/gpu_busy_percent", text);
        var reading = _host.Read();
        Assert.Null(reading.UtilizationPercent);
        Assert.Equal((12d, null), (reading.MemoryUtilizationPercent, reading.Error));
        Assert.Equal(text.Trim('\0').Length == 0 ? [] : ["gpu_busy_percent"], _host.Errors);
    }

    [Fact]
    public void More_memory_used_than_there_is_is_no_reading()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(Captures.Radeon + "/mem_info_vram_used", "25753026561\n");
        var reading = _host.Read();
        Assert.Equal((25753026560, null, null), (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes));
    }

    [Fact]
    public void Files_that_are_not_there_are_null_and_no_error()
    {
        Captures.Card(_host.Tree, Captures.Radeon, 0, "radeon", "0x1002", "0x6798");
        var reading = _host.Read();
        Assert.Equal(default, reading with { MemoryIsShared = false });
        Assert.NotNull(_host.Gpu.ReadDetails());
        Assert.Empty(_host.Processes());
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void A_card_that_is_gone_is_lost()
    {
        Captures.WriteRadeon(_host.Tree);
        var gpu = _host.Gpu;
        _host.Tree.Remove(Captures.Radeon);
        var reading = default(GpuReading);
        gpu.Read(ref reading);
        Assert.True(reading.IsLost);
        Assert.Contains("0000:03:00.0", reading.Error, StringComparison.Ordinal);
        Assert.NotNull(gpu.ReadDetails());
    }

    [Fact]
    public void A_driver_that_answers_nothing_but_errors_fails()
    {
        Captures.WriteRadeon(_host.Tree);
        var gpu = _host.Gpu;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_host.Tree.Root, Captures.Radeon), "*_*"))
            Broken(file);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_host.Tree.Root, Captures.RadeonSensors)))
            Broken(file);
        var reading = default(GpuReading);
        gpu.Read(ref reading);
        Assert.Equal("the amdgpu driver does not answer (error 21)", reading.Error);
        Assert.False(reading.IsLost);
        Assert.Contains("mem_info_vram_total", _host.Errors);
    }

    // A folder opens, and every read of it fails
    private static void Broken(string file)
    {
        File.Delete(file);
        Directory.CreateDirectory(file);
    }
}
