namespace GpuPlatform.Tests.Collector.Drm;

public sealed class IntelGpuTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Power_is_the_energy_used_since_the_last_reading()
    {
        Captures.WriteArc(_host.Tree);
        var first = _host.Read();
        Assert.Equal((null, 5000d, 58d), (first.PowerWatts, first.EnergyJoules, first.TemperatureCelsius));
        _host.Clock.Advance(Tick);
        _host.Tree.Write(Captures.ArcSensors + "/energy1_input", "5090000000\n");
        Assert.Equal(45, _host.Read().PowerWatts);
        Assert.Equal(45, _host.Read().PowerWatts);
    }

    [Fact]
    public void A_counter_that_begins_again_is_no_power()
    {
        Captures.WriteArc(_host.Tree);
        _host.Read();
        _host.Clock.Advance(Tick);
        _host.Tree.Write(Captures.ArcSensors + "/energy1_input", "1000000\n");
        Assert.Null(_host.Read().PowerWatts);
        _host.Clock.Advance(Tick);
        _host.Tree.Write(Captures.ArcSensors + "/energy1_input", "21000000\n");
        Assert.Equal(10, _host.Read().PowerWatts);
    }

    [Fact]
    public void Memory_of_a_card_is_null_because_no_file_tells_it()
    {
        Captures.WriteArc(_host.Tree);
        var reading = _host.Read();
        Assert.Equal((null, null, null, false), (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes, reading.MemoryIsShared));
    }

    [Fact]
    public void Details_of_i915()
    {
        Captures.WriteArc(_host.Tree);
        _host.Read();
        var (details, limit) = Assert.NotNull(_host.Gpu.ReadDetails());
        Assert.Equal((2100d, 950d, 4, 8, 190d), (details.GraphicsClockMegahertz, details.VoltageMillivolts, details.PcieGeneration, details.PcieLaneCount, limit));
        Assert.Equal(900, Assert.Single(details.Fans!).SpeedRpm);
        Assert.Equal(("intel", "i915", 2400d, 228d), (details.Facts!.Vendor, details.Facts.Source, details.Facts.MaxGraphicsClockMegahertz, details.Facts.DefaultPowerLimitWatts));
    }

    [Fact]
    public void Details_of_xe_take_the_package_where_the_card_has_no_limit()
    {
        Captures.WriteBattlemage(_host.Tree);
        Assert.Equal(61, _host.Read().TemperatureCelsius);
        var (details, limit) = Assert.NotNull(_host.Gpu.ReadDetails());
        Assert.Equal((2400d, 880d, 66d, 5, 190d), (details.GraphicsClockMegahertz, details.VoltageMillivolts, details.MemoryTemperatureCelsius, details.PcieGeneration, limit));
        Assert.Equal([1300d, 0d], details.Fans!.Select(fan => fan.SpeedRpm!.Value));
        Assert.Equal(2850, details.Facts!.MaxGraphicsClockMegahertz);
    }

    [Fact]
    public void The_graphics_of_a_processor_have_the_hosts_memory()
    {
        Captures.WriteIntelChip(_host.Tree);
        var reading = _host.Read();
        Assert.True(reading.MemoryIsShared);
        Assert.Equal((32768000L * 1024, 12768000L * 1024, 20000000L * 1024), (reading.MemoryTotalBytes, reading.MemoryUsedBytes, reading.MemoryFreeBytes));
        Assert.Null(reading.Error);
        Assert.Null(_host.Gpu.ReadDetails()!.Value.Details.PcieGeneration);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void Utilisation_is_the_busiest_engine_over_all_clients()
    {
        Captures.WriteIntelChip(_host.Tree);
        Client(100, 1, renderMilliseconds: 5000, videoMilliseconds: 0);
        Client(200, 2, renderMilliseconds: 1000, videoMilliseconds: 0);
        Assert.Null(_host.Read().UtilizationPercent);
        _host.Clock.Advance(Tick);
        Client(100, 1, renderMilliseconds: 5500, videoMilliseconds: 0);
        Client(200, 2, renderMilliseconds: 1200, videoMilliseconds: 1600);
        // Render 25 % and 10 %; video 80 % of one of two engines
        Assert.Equal(40, _host.Read().UtilizationPercent!.Value, 6);
    }

    [Fact]
    public void A_card_nobody_uses_is_idle_and_one_whose_users_may_be_hidden_is_unknown()
    {
        Captures.WriteIntelChip(_host.Tree);
        Assert.Equal(0, _host.Read().UtilizationPercent);
        _host.Tree.Remove("proc/2");
        _host.Clock.Advance(DrmFixture.ListInterval);
        _host.Holders.Refresh();
        Assert.Null(_host.Read().UtilizationPercent);
    }

    private void Client(int pid, int id, long renderMilliseconds, long videoMilliseconds) =>
        _host.Client(pid, 7, "/dev/dri/renderD128",
            $"""
            pos:	0
            drm-driver:	i915
            drm-client-id:	{id}
            drm-pdev:	0000:00:02.0
            drm-engine-render:	{renderMilliseconds}000000 ns
            drm-engine-copy:	0 ns
            drm-engine-video:	{videoMilliseconds}000000 ns
            drm-engine-capacity-video:	2
            """);
}
