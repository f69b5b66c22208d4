using GpuPlatform.Collector.Nvml;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

public sealed class PciGpusTests : IDisposable
{
    private const string Address = "0000:01:00.0";

    private readonly TemporaryTree _tree = new();
    private readonly PciGpus _pci;

    public PciGpusTests() => _pci = new PciGpus(_tree.Root);

    public void Dispose()
    {
        _pci.Dispose();
        _tree.Dispose();
    }

    [Theory]
    [InlineData("0x10de", "0x030000", 1)]
    [InlineData("0x10de", "0x030200", 1)]
    [InlineData("0x10de", "0x040300", 0)] // the audio function of a card
    [InlineData("0x1002", "0x030000", 0)]
    public void Only_nvidias_gpus_are_listed(string vendor, string kind, int count)
    {
        _tree.Gpu(Address, "active", vendor: vendor, kind: kind);
        _pci.Refresh();
        Assert.Equal(count, _pci.Gpus.Count);
    }

    [Theory]
    [InlineData("suspended", "D3cold", true)]
    [InlineData("suspending", "D0", true)]
    [InlineData("active", "D0", false)]
    [InlineData("resuming", "D0", false)]
    [InlineData("active", "D3hot", true)]
    [InlineData("active", null, false)]
    [InlineData("active", "unknown", false)]
    [InlineData("unsupported", "D0", false)]
    [InlineData(null, null, false)]
    [InlineData("", "", false)]
    public void The_kernel_says_who_sleeps_and_what_cannot_be_read_is_awake(string? status, string? powerState, bool asleep)
    {
        _tree.Gpu(Address, status, powerState: powerState);
        _pci.Refresh();
        Assert.Equal(asleep, _pci.Gpus[0].IsAsleep());
    }

    [Theory]
    [InlineData("auto", "active", null, true)]
    [InlineData("auto", "active", "Enabled (fine-grained)", true)]
    [InlineData("auto", "active", "Enabled (coarse-grained)", true)]
    [InlineData("auto", "active", "?", true)]
    [InlineData("auto", "active", "Not supported", false)]
    [InlineData("auto", "active", "Disabled by default", false)]
    [InlineData("auto", "unsupported", null, false)]
    [InlineData("on", "active", "Enabled (fine-grained)", false)]
    [InlineData(null, "active", null, false)]
    [InlineData("on", "suspended", null, true)]
    public void A_laptop_is_told_from_a_desktop(string? control, string status, string? driver, bool canSleep)
    {
        _tree.Gpu(Address, status, control: control);
        if (driver is not null)
            _tree.Write($"proc/driver/nvidia/gpus/{Address}/power", $"Runtime D3 status:          {driver}\nVideo Memory:  Active\n");
        _pci.Refresh();
        Assert.Equal(canSleep, _pci.Gpus[0].CanSleep);
    }

    [Fact]
    public void The_drivers_own_file_is_read_of_an_awake_gpu_only()
    {
        _tree.Gpu(Address, "suspended");
        _tree.Write($"proc/driver/nvidia/gpus/{Address}/power", "Runtime D3 status: Not supported\n");
        _pci.Refresh();
        Assert.True(_pci.Gpus[0].CanSleep);
        _tree.Gpu(Address, "active");
        _pci.Refresh();
        Assert.False(_pci.Gpus[0].CanSleep);
    }

    [Fact]
    public void A_gpu_that_another_driver_serves_is_not_ours()
    {
        _tree.Gpu(Address, "suspended");
        _tree.Gpu("0000:02:00.0", "suspended");
        _tree.Link($"sys/bus/pci/devices/{Address}/driver", "../../../../bus/pci/drivers/nvidia");
        _tree.Link("sys/bus/pci/devices/0000:02:00.0/driver", "../../../../bus/pci/drivers/vfio-pci");
        _pci.Refresh();
        Assert.Equal([Address], _pci.Gpus.Select(gpu => gpu.Address));
    }

    [Fact]
    public void In_a_container_only_the_gpus_given_to_it_are_ours()
    {
        _tree.Gpu(Address, "active");
        _tree.Gpu("0000:02:00.0", "active");
        _tree.Write("proc/driver/nvidia/gpus/0000:02:00.0/information", "");
        _pci.Refresh();
        Assert.Equal(["0000:02:00.0"], _pci.Gpus.Select(gpu => gpu.Address));
    }

    [Fact]
    public void Gpus_that_come_and_go_are_noticed_and_the_others_stay_the_same()
    {
        _tree.Gpu("0000:02:00.0", "active");
        Assert.True(_pci.Refresh());
        var known = _pci.Gpus[0];
        Assert.False(_pci.Refresh());
        _tree.Gpu(Address, "active");
        Assert.True(_pci.Refresh());
        Assert.Equal([Address, "0000:02:00.0"], _pci.Gpus.Select(gpu => gpu.Address));
        Assert.Same(known, _pci.Gpus[1]);
        _tree.Remove($"sys/bus/pci/devices/{Address}");
        Assert.True(_pci.Refresh());
        Assert.Same(known, Assert.Single(_pci.Gpus));
    }

    [Fact]
    public void To_ask_whether_one_sleeps_allocates_nothing()
    {
        _tree.Gpu(Address, "active");
        _pci.Refresh();
        var gpu = _pci.Gpus[0];
        gpu.IsAsleep();
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
                gpu.IsAsleep();
        }));
    }

    [Fact]
    public void Without_a_pci_tree_there_is_nothing_to_know()
    {
        Assert.False(_pci.Refresh());
        Assert.Empty(_pci.Gpus);
    }

    [Theory]
    [InlineData("25a2", "NVIDIA GeForce RTX 3050 Mobile")]
    [InlineData("1eb8", "NVIDIA TU104GL")]
    [InlineData("1234", null)]
    [InlineData(null, null)]
    public void A_name_comes_from_the_list_of_pci_ids(string? id, string? expected)
    {
        _tree.Write("usr/share/misc/pci.ids",
            "# comment\n1002  AMD\n\t25a2  Not this one\n10de  NVIDIA Corporation\n\t1eb8  TU104GL\n\t25a2  GA107M [GeForce RTX 3050 Mobile]\n" +
            "\t\t1043 1234  A variant\n1233  Other\n\t1234  Not this one either\n");
        Assert.Equal(expected, PciNames.Find(_tree.Root, id));
    }
}
