using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlLifeTests : IDisposable
{
    private const string First = "0000:01:00.0";
    private const string Second = "0000:02:00.0";

    private readonly NvmlHostFixture _host = new();
    private readonly ManualResetEventSlim _release = new();

    public NvmlLifeTests()
    {
        _host.Gpu(First, "active", control: "on");
        _host.Gpu(Second, "active", control: "on");
    }

    public void Dispose()
    {
        _release.Set();
        _host.Dispose();
        _release.Dispose();
    }

    [Fact]
    public void A_lost_gpu_keeps_its_place_is_let_go_of_and_comes_back_after_a_reset()
    {
        _host.Tick();
        Lose(0);
        for (var i = 0; i < 14; i++)
            Assert.Equal([("GPU-0", "lost"), ("GPU-1", "active")], _host.Tick(2));
        // Let go of, so that it can be reset; the other was disturbed once
        Assert.Equal([Second], NvmlHostDouble.Opened);
        Assert.Equal((2, 1), (NvmlHostDouble.InitCount, NvmlHostDouble.ShutdownCount));
        NvmlDouble.StatusByFunction.Clear();
        _host.Tick(8);
        Assert.Equal([("GPU-0", "active"), ("GPU-1", "active")], _host.Tick(2));
    }

    [Fact]
    public void While_it_stays_lost_the_others_are_disturbed_ever_more_seldom()
    {
        _host.Tick();
        Lose(0);
        for (var i = 0; i < 1800; i++)
            Assert.Equal(("GPU-1", "active"), _host.Tick(2)[1]);
        Assert.InRange(NvmlHostDouble.InitCount, 6, 20);
    }

    [Fact]
    public void A_host_whose_only_gpu_is_lost_still_lists_it()
    {
        NvmlHostDouble.Addresses.Remove(Second);
        _host.Tree.Remove($"sys/bus/pci/devices/{Second}");
        _host.Tick();
        Lose(0);
        for (var i = 0; i < 100; i++)
            Assert.Equal([("GPU-0", "lost")], _host.Tick(2));
        NvmlDouble.StatusByFunction.Clear();
        for (var i = 0; i < 200; i++)
            _host.Tick(2);
        Assert.Equal([("GPU-0", "active")], _host.Tick());
    }

    [Fact]
    public void Gpus_that_are_added_and_removed_are_noticed()
    {
        _host.Tick();
        _host.Gpu("0000:03:00.0", "active", control: "on");
        _host.Tick(2);
        Assert.Equal(3, _host.Tick(8).Count);
        NvmlHostDouble.Addresses.Remove("0000:03:00.0");
        _host.Tree.Remove("sys/bus/pci/devices/0000:03:00.0");
        Assert.Equal([("GPU-0", "active"), ("GPU-1", "active")], _host.Tick(10));
    }

    [Fact]
    public void Without_a_pci_tree_the_drivers_count_tells()
    {
        _host.Tree.Remove("sys");
        _host.Tick();
        Assert.Equal(2, _host.Tick(10).Count);
        NvmlHostDouble.Addresses.RemoveAt(1);
        Assert.Equal([("GPU-0", "active")], _host.Tick(10));
        Assert.Equal(2, NvmlHostDouble.InitCount);
    }

    [Theory]
    [InlineData(NvmlStatus.LibRmVersionMismatch)]
    [InlineData(NvmlStatus.Uninitialized)]
    public void After_an_update_of_the_driver_the_library_is_loaded_again(object status)
    {
        _host.Tick();
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = (NvmlStatus)status;
        _host.Tick(2);
        NvmlDouble.StatusByFunction.Clear();
        Assert.All(_host.Tick(2), gpu => Assert.Equal("active", gpu.State));
        Assert.Equal((2, 1), (_host.LoadCount, NvmlHostDouble.ShutdownCount));
    }

    [Fact]
    public void A_driver_that_was_updated_under_the_old_kernel_module_says_what_to_do()
    {
        _host.Tick();
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.LibRmVersionMismatch;
        _host.Tick(2);
        NvmlDouble.StatusByFunction["nvmlInit"] = NvmlStatus.LibRmVersionMismatch;
        Assert.Empty(_host.Tick(2));
        Assert.Contains("start the machine again", _host.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Equal(1, _host.Count("nvml_init_failures_total"));
    }

    [Fact]
    public void A_session_that_ends_again_and_again_is_not_opened_at_every_tick()
    {
        _host.Tick();
        for (var i = 0; i < 2; i++)
        {
            NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.Uninitialized;
            _host.Tick(2);
            NvmlDouble.StatusByFunction.Clear();
            _host.Source.Open();
        }
        Assert.Contains("ended the session again", _host.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Equal(2, NvmlHostDouble.InitCount);
        Assert.All(_host.Tick(10), gpu => Assert.Equal("active", gpu.State));
    }

    [Fact]
    public async Task An_opening_that_hangs_is_left_behind_and_used_once_it_comes_back()
    {
        await Hang("nvmlInit", TimeSpan.FromSeconds(8));
        Assert.Contains("has not answered", _host.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.False(_host.Source.Open());
        Assert.Equal((1, 1), (NvmlHostDouble.InitCount, _host.Count("nvml_sessions_left_behind_total")));
        _release.Set();
        await Until.True(() => NvmlHostDouble.Hung.IsEmpty);
        NvmlHostDouble.Hanging.Clear();
        await Until.True(_host.Source.Open);
        Assert.Equal(1, NvmlHostDouble.InitCount - NvmlHostDouble.ShutdownCount);
    }

    [Fact]
    public async Task A_gpu_that_hangs_while_it_is_opened_keeps_none_of_the_others_out()
    {
        await Hang("nvmlDeviceGetHandleByIndex 0", TimeSpan.FromSeconds(8));
        Assert.Equal([("GPU-1", "active")], _host.Tick());
        Assert.Contains("opening GPU 0: the driver has not answered", _host.Source.Info.Missing, StringComparison.Ordinal);
        Assert.Equal(1, _host.Count("nvml_sessions_left_behind_total"));
        _release.Set();
        NvmlHostDouble.Hanging.Clear();
        await Until.True(() => _host.Tick(2).Count == 2);
        Assert.Null(_host.Source.Info.Missing);
    }

    [Fact]
    public async Task A_close_that_hangs_is_left_behind_and_another_session_is_opened()
    {
        _host.Tick();
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.Uninitialized;
        _host.Tick();
        NvmlDouble.StatusByFunction.Clear();
        await Hang("nvmlShutdown", TimeSpan.FromSeconds(2));
        Assert.Equal((2, 0), (NvmlHostDouble.InitCount, NvmlHostDouble.ShutdownCount));
        Assert.Equal(1, _host.Count("nvml_sessions_left_behind_total"));
        Assert.All(_host.Tick(), gpu => Assert.Equal("active", gpu.State));
        NvmlHostDouble.Hanging.Clear();
        _release.Set();
        await Until.True(() => NvmlHostDouble.ShutdownCount == 1);
    }

    [Fact]
    public async Task A_reading_that_hangs_keeps_its_session_until_it_comes_back()
    {
        _host.Tick();
        NvmlDouble.HangUntil = _release;
        var gpu = _host.Source.Gpus[0];
        var reading = default(GpuReading);
        var call = Task.Run(() => gpu.Read(ref reading), TestContext.Current.CancellationToken);
        await Until.True(() => NvmlDouble.Hangs);
        _host.Source.Dispose();
        Assert.Equal((0, 1L), (NvmlHostDouble.ShutdownCount, _host.Count("nvml_sessions_left_behind_total")));
        _release.Set();
        await call;
        Assert.Equal(0, reading.UtilizationPercent);
        Assert.Equal(1, NvmlHostDouble.ShutdownCount);
    }

    private static void Lose(int gpu)
    {
        NvmlDouble.FailingDevice = gpu;
        foreach (var function in (string[])["nvmlDeviceGetUtilizationRates", "nvmlDeviceGetHandleByPciBusId", "nvmlDeviceGetHandleByIndex"])
            NvmlDouble.StatusByFunction[function] = NvmlStatus.GpuIsLost;
    }

    // The next opening hangs in this function and is waited for as long as it is
    private async Task Hang(string function, TimeSpan patience)
    {
        NvmlHostDouble.Hanging[function] = _release;
        var open = Task.Run(_host.Source.Open);
        await Until.True(() => !NvmlHostDouble.Hung.IsEmpty);
        _host.Clock.Advance(patience);
        await open;
    }
}
