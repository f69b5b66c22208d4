namespace GpuPlatform.Tests.Collector.Drm;

public sealed class SleepTests : IDisposable
{
    private const string Power = Captures.Radeon + "/power/";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly DrmFixture _host = new();

    public SleepTests() => Captures.WriteRadeon(_host.Tree);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("suspended", true)]
    [InlineData("suspending", true)]
    [InlineData("active", false)]
    [InlineData("resuming", false)]
    [InlineData("unsupported", false)]
    [InlineData("error", false)]
    [InlineData("", false)]
    public void A_card_sleeps_when_the_kernel_says_so(string status, bool asleep)
    {
        Set("runtime_status", status);
        Assert.Equal(asleep, _host.Gpu.IsAsleep());
    }

    [Fact]
    public void To_find_a_sleeping_card_touches_none_of_its_sensors()
    {
        Set("runtime_status", "suspended");
        Assert.Equal("AMD-6e2c5b5d1d5a6f3a", _host.Gpu.Identity.Uuid);
        Assert.True(_host.Gpu.IsAsleep());
        // The kernel's core and the driver's memory answer these
        Assert.Equal(
            ["dev", "device", "name", "osrelease", "product_name", "revision", "uevent", "unique_id", "vendor", "version"],
            _host.FilesRead.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_idle_card_is_left_alone_for_long_enough_to_fall_asleep()
    {
        Set("runtime_usage", "0");
        _host.Tree.Write(Captures.Radeon + "/gpu_busy_percent", "2\n");
        var touches = new List<bool>();
        for (var tick = 0; tick < 9; tick++)
        {
            touches.Add(_host.Read().TemperatureCelsius is not null);
            _host.Clock.Advance(Tick);
        }
        // 5 s of delay and 3 s to fall asleep, then somebody else keeps it awake
        Assert.Equal([true, false, false, false, true, false, false, false, true], touches);
    }

    [Fact]
    public void While_it_is_left_alone_it_still_says_what_its_driver_knows_without_it()
    {
        Set("runtime_usage", "0");
        _host.Tree.Write(Captures.Radeon + "/gpu_busy_percent", "0\n");
        _host.Read();
        Assert.NotNull(_host.Gpu.ReadDetails());
        _host.Clock.Advance(Tick);
        var reading = _host.Read();
        Assert.Equal((3221225472, null, null, null), (reading.MemoryUsedBytes, reading.UtilizationPercent, reading.PowerWatts, reading.Error));
        Assert.Null(_host.Gpu.ReadDetails());
    }

    [Theory]
    [InlineData("runtime_usage", "1")]
    [InlineData("control", "on")]
    [InlineData("autosuspend_delay_ms", "-1")]
    public void A_card_that_is_used_or_never_sleeps_is_read_every_time(string file, string text)
    {
        Set("runtime_usage", "0");
        _host.Tree.Write(Captures.Radeon + "/gpu_busy_percent", "0\n");
        Set(file, text);
        _host.Read();
        _host.Clock.Advance(Tick);
        Assert.Equal(51, _host.Read().TemperatureCelsius);
    }

    [Fact]
    public void A_busy_card_is_read_every_time_whatever_its_count_of_users_is_at_that_instant()
    {
        Set("runtime_usage", "0");
        for (var tick = 0; tick < 3; tick++)
        {
            Assert.Equal(37, _host.Read().UtilizationPercent);
            _host.Clock.Advance(Tick);
        }
    }

    [Fact]
    public void A_card_that_woke_is_read_at_once()
    {
        Set("runtime_usage", "0");
        _host.Tree.Write(Captures.Radeon + "/gpu_busy_percent", "0\n");
        _host.Read();
        Set("runtime_status", "suspended");
        _host.Clock.Advance(Tick);
        Assert.True(_host.Gpu.IsAsleep());
        Set("runtime_status", "active");
        Assert.Equal(51, _host.Read().TemperatureCelsius);
    }

    [Fact]
    public void A_driver_that_refuses_its_sensors_means_that_the_card_sleeps()
    {
        var gpu = _host.Gpu;
        string[] sensors = ["gpu_busy_percent", "mem_busy_percent", "temp1_input", "power1_average", "power1_input"];
        _host.Refused.UnionWith(sensors);
        var reading = _host.Read();
        Assert.Equal((null, null, null), (reading.UtilizationPercent, reading.Error, reading.TemperatureCelsius));
        Assert.True(gpu.IsAsleep());
        Assert.True(gpu.IsAsleep());
        _host.Refused.Clear();
        Assert.Equal(37, _host.Read().UtilizationPercent);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void One_refused_file_among_others_is_not_sleep()
    {
        _host.Refused.Add("mem_busy_percent");
        var reading = _host.Read();
        Assert.Equal((37d, null), (reading.UtilizationPercent, reading.MemoryUtilizationPercent));
        Assert.False(_host.Gpu.IsAsleep());
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void A_card_that_is_being_reset_while_it_is_found_gets_its_identity_at_the_next_look()
    {
        _host.Refused.Add("unique_id");
        Assert.Equal("PCI-0000:03:00.0", _host.Gpu.Identity.Uuid);
        _host.Refused.Clear();
        _host.Clock.Advance(DrmFixture.ListInterval);
        Assert.Equal("AMD-6e2c5b5d1d5a6f3a", _host.Gpu.Identity.Uuid);
    }

    [Fact]
    public void What_blocks_for_a_second_and_what_is_binary_is_never_read()
    {
        _host.Tree.Write(Captures.Radeon + "/pcie_bw", "1 2 256\n");
        _host.Tree.Write(Captures.Radeon + "/gpu_metrics", "\0\u0001");
        _host.Read();
        _host.Gpu.ReadDetails();
        _host.Processes();
        Assert.DoesNotContain(_host.FilesRead, name => name is "pcie_bw" or "gpu_metrics");
    }

    private void Set(string file, string text) => _host.Tree.Write(Power + file, text + "\n");
}
