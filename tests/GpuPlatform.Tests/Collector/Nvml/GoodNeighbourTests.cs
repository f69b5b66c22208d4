using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class GoodNeighbourTests : IDisposable
{
    private const string First = "0000:01:00.0";
    private const string Second = "0000:02:00.0";

    private readonly NvmlHostFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void While_all_sleep_the_library_is_not_even_loaded_and_they_are_listed()
    {
        _host.Tree.Write("usr/share/hwdata/pci.ids", "10de  NVIDIA Corporation\n\t25a2  GA107M [GeForce RTX 3050 Mobile]\n");
        _host.Gpu(First, "suspended");
        _host.Gpu(Second, "suspended");
        for (var i = 0; i < 100; i++)
            Assert.Equal([($"PCI-{First}", "sleeping"), ($"PCI-{Second}", "sleeping")], _host.Tick(2));
        Assert.Equal(0, _host.LoadCount);
        Assert.Equal(new GpuIdentity(0, $"PCI-{First}", "NVIDIA GeForce RTX 3050 Mobile"), _host.Source.Gpus[0].Identity);
        Assert.Equal(("nvml", null), (_host.Source.Info.Name, _host.Source.Info.UnavailableReason));
    }

    [Fact]
    public void Beside_a_sleeping_gpu_the_awake_one_is_opened_by_its_address_and_none_by_index()
    {
        _host.Gpu(First, "suspended");
        _host.Gpu(Second, "active", control: "on");
        for (var i = 0; i < 50; i++)
            Assert.Equal([($"PCI-{First}", "sleeping"), ("GPU-1", "active")], _host.Tick(2));
        Assert.Equal([Second], NvmlHostDouble.Opened);
        Assert.Equal((0, 1, 1), (NvmlHostDouble.ByIndexCount, NvmlHostDouble.InitCount, _host.LoadCount));
        Assert.Equal([0, 1], _host.Source.Gpus.Select(gpu => gpu.Identity.Index));
    }

    [Fact]
    public void Gpus_that_cannot_sleep_are_opened_by_index()
    {
        _host.Gpu(First, "active", control: "on");
        _host.Gpu(Second, "active", control: "on");
        Assert.Equal([("GPU-0", "active"), ("GPU-1", "active")], _host.Tick());
        Assert.Equal((2, 0), (NvmlHostDouble.ByIndexCount, NvmlHostDouble.Opened.Count));
    }

    [Fact]
    public void A_gpu_that_wakes_is_read_and_keeps_its_name_when_it_sleeps_again()
    {
        _host.Gpu(First, "suspended");
        _host.Tick();
        _host.Gpu(First, "active");
        Assert.Equal([("GPU-0", "active")], _host.Tick(2));
        _host.Gpu(First, "suspended");
        Assert.Equal([("GPU-0", "sleeping")], _host.Tick(2));
        Assert.Equal((1, 1), (NvmlHostDouble.InitCount, NvmlHostDouble.ShutdownCount));
        Assert.Equal("NVIDIA Double", _host.Source.Gpus[0].Identity.Name);
        Assert.Equal("580.65.06", _host.Source.Info.DriverVersion);
    }

    [Fact]
    public void An_idle_gpu_is_let_go_so_that_it_can_sleep()
    {
        _host.Gpu(First, "active");
        _host.Tick();
        for (var i = 0; i < 14; i++)
            Assert.Equal("active", _host.Tick(2)[0].State);
        Assert.Equal(0, NvmlHostDouble.ShutdownCount);
        _host.Tick(2);
        Assert.Equal([("GPU-0", "sleeping")], _host.Tick(2));
        Assert.Equal(1, NvmlHostDouble.ShutdownCount);

        _host.Gpu(First, "suspended");
        for (var i = 0; i < 100; i++)
            _host.Tick(2);
        Assert.Equal((1, 1), (NvmlHostDouble.InitCount, _host.LoadCount));
    }

    [Fact]
    public void One_that_something_else_keeps_awake_is_read_again()
    {
        _host.Gpu(First, "active");
        var states = Enumerable.Range(0, 300).Select(_ => _host.Tick(2)[0].State).ToList();
        Assert.InRange(states.Count(state => state == "sleeping"), 1, 40);
        Assert.InRange(NvmlHostDouble.InitCount, 2, 6);
        Assert.Contains("active", states[^150..]);
    }

    [Fact]
    public void The_others_of_the_host_stay_open_when_one_is_let_go()
    {
        _host.Gpu(First, "active");
        _host.Gpu(Second, "active", control: "on");
        for (var i = 0; i < 18; i++)
            Assert.Equal(("GPU-1", "active"), _host.Tick(2)[1]);
        Assert.Equal(("GPU-0", "sleeping"), _host.Tick()[0]);
        Assert.Equal([First, Second, Second], NvmlHostDouble.Opened);
    }

    [Fact]
    public void A_compositor_alone_does_not_keep_it_open_but_a_model_in_memory_does()
    {
        _host.Gpu(First, "active");
        NvmlDoubleProcesses.Compute.Add((7, 1 << 30));
        for (var i = 0; i < 100; i++)
            Assert.Equal("active", _host.Tick(2)[0].State);
        NvmlDoubleProcesses.Compute.Clear();
        NvmlDoubleProcesses.Graphics.Add((8, 1 << 20));
        for (var i = 0; i < 20; i++)
            _host.Tick(2);
        Assert.Equal("sleeping", _host.Tick()[0].State);
    }

    [Fact]
    public void A_gpu_that_works_or_does_not_say_is_kept()
    {
        _host.Gpu(First, "active");
        NvmlDoubleReadings.Utilization = new() { GpuPercent = 1 };
        for (var i = 0; i < 50; i++)
            Assert.Equal("active", _host.Tick(2)[0].State);
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.NotSupported;
        for (var i = 0; i < 50; i++)
            Assert.Equal("active", _host.Tick(2)[0].State);
        Assert.Equal(1, NvmlHostDouble.InitCount);
    }

    [Fact]
    public async Task Events_are_listened_for_on_gpus_that_cannot_sleep_and_on_no_other()
    {
        _host.Gpu(First, "active");
        _host.Gpu(Second, "active", control: "on");
        _host.Tick();
        await Until.True(() => Xids(_host.Source.Gpus[1]) is not null);
        Assert.Equal([1], NvmlHostDouble.Registered);
        Assert.Null(Xids(_host.Source.Gpus[0]));
    }

    [Fact]
    public void A_gpu_that_may_sleep_from_now_on_is_not_listened_to_any_more()
    {
        _host.Gpu(First, "active", control: "on");
        _host.Tick();
        _host.Gpu(First, "active", control: "auto");
        _host.Tick(10);
        Assert.Equal(NvmlHostDouble.EventSetCount, NvmlHostDouble.FreedEventSetCount);
        Assert.Equal([First], NvmlHostDouble.Opened);
    }

    [Fact]
    public void A_steady_tick_beside_a_sleeping_gpu_allocates_nothing()
    {
        _host.Gpu(First, "suspended");
        _host.Gpu(Second, "active");
        _host.Tick();
        var gpu = _host.Source.Gpus[1];
        var reading = default(GpuReading);
        Tick();
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
                Tick();
        }));

        void Tick()
        {
            _host.Source.Open();
            if (!_host.Source.Gpus[0].IsAsleep() || gpu.IsAsleep())
                throw new InvalidOperationException("the wrong one sleeps");
            gpu.Read(ref reading);
        }
    }

    private static IReadOnlyList<GpuXid>? Xids(IGpu gpu) => gpu.ReadDetails()?.Details.Xids;
}
