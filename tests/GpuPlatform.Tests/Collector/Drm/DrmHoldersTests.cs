using GpuPlatform.Collector.Drm;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class DrmHoldersTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly DrmFixture _host = new();
    private int _statCount;

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Devices_are_told_by_their_number_wherever_a_container_put_them()
    {
        _host.Client(10, 3, "/dev/dri/renderD128", "");
        _host.Client(10, 4, "/dev/null", "");
        _host.Client(11, 5, "/run/somewhere/dri/gpu0", "");
        _host.Client(12, 6, "/dev/dri/not-a-device", "");
        var holders = Holders(path => path.EndsWith("11/fd/5\0"u8) ? 129 : DrmFixture.MinorOf(path));
        Assert.Equal([new(10, 3, 128), new(11, 5, 129)], holders.Refresh().Files);
        Assert.Equal(3, _statCount);
    }

    [Fact]
    public void A_process_that_opens_a_device_late_is_found_within_six_walks()
    {
        for (var pid = 100; pid < 112; pid++)
            _host.Client(pid, 1, "/dev/null", "");
        var holders = Holders(DrmFixture.MinorOf);
        for (var walk = 0; walk < 5; walk++)
            Assert.Empty(Walk(holders));
        for (var pid = 100; pid < 112; pid++)
            _host.Client(pid, 9, "/dev/dri/card0", "");
        for (var walk = 0; walk < 6; walk++)
            Walk(holders);
        Assert.Equal(Enumerable.Range(100, 12), holders.Current.Files.Select(file => file.Pid));
    }

    [Fact]
    public void A_walk_looks_at_holders_and_young_processes_every_time_and_at_few_of_the_others()
    {
        for (var pid = 100; pid < 160; pid++)
            _host.Client(pid, 9, "/run/dri/old", "");
        _host.Client(500, 9, "/dev/dri/card0", "");
        var holders = Holders(DrmFixture.MinorOf);
        Walk(holders);
        Assert.Equal(61, _statCount);
        _statCount = 0;
        _host.Client(501, 9, "/dev/dri/card0", "");
        Assert.Equal([500, 501], Walk(holders).Select(file => file.Pid));
        Assert.Equal(12, _statCount);
    }

    [Fact]
    public void Looks_in_quick_succession_are_one_walk()
    {
        _host.Client(10, 3, "/dev/dri/renderD128", "");
        var holders = Holders(DrmFixture.MinorOf);
        var first = holders.Refresh();
        Assert.Same(first, holders.Refresh());
        Assert.Same(first, holders.Current);
    }

    [Fact]
    public void A_host_that_hides_processes_is_incomplete()
    {
        Assert.True(Holders(DrmFixture.MinorOf).Refresh().IsComplete);
        _host.Tree.Write("proc/2/comm", "pause\n");
        Assert.False(Holders(DrmFixture.MinorOf).Refresh().IsComplete);
        _host.Tree.Remove("proc");
        Assert.False(Holders(DrmFixture.MinorOf).Refresh().IsComplete);
    }

    [Fact]
    public void The_kernel_tells_device_numbers_through_the_real_calls()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Assert.Null(PosixNative.DrmMinor("/dev/null\0"u8));
        Assert.Null(PosixNative.DrmMinor("/no/such/device\0"u8));
        Assert.Equal(-PosixNative.NoEntry, PosixNative.ReadFile("/no/such/file\0"u8, new byte[8]));
        Assert.Equal(0, PosixNative.ReadFile("/dev/null\0"u8, new byte[8]));
        Assert.True(PosixNative.LinkTarget("/proc/self/exe\0"u8, new byte[256]).Length > 1);
    }

    private DrmHolders Holders(DrmMinor minorOf) => new(_host.Tree.Root, path =>
    {
        _statCount++;
        return minorOf(path);
    }, _host.Clock, _host.Counter);

    private IReadOnlyList<DrmFile> Walk(DrmHolders holders)
    {
        _host.Clock.Advance(Interval);
        return holders.Refresh().Files;
    }
}
