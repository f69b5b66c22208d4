using GpuPlatform.Collector.Nvml;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class SleepingGpusTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_sleeping_gpu_is_not_touched_and_is_read_once_it_is_awake()
    {
        Device("0000:01:00.0", "0x10de", "0x030000", "suspended");
        using var nvml = new NvmlFixture(new SleepingGpus(_tree.Root));
        Assert.False(nvml.Source.Open());
        Assert.Contains("asleep", nvml.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (NvmlDouble.InitCount, NvmlDouble.HandleCount));
        Device("0000:01:00.0", "0x10de", "0x030000", "active");
        Assert.True(nvml.Source.Open());
    }

    [Theory]
    [InlineData("0x10de", "0x030200", "suspended", true)]
    [InlineData("0x10de", "0x040300", "suspended", false)] // the audio function of a card
    [InlineData("0x1002", "0x030000", "suspended", false)]
    [InlineData("0x10de", "0x030000", "active", false)]
    [InlineData("0x10de", "0x030000", "unsupported", false)]
    public void Only_suspended_nvidia_gpus_are_asleep(string vendor, string kind, string state, bool asleep)
    {
        Device("0000:01:00.0", vendor, kind, state);
        Assert.Equal(asleep, new SleepingGpus(_tree.Root).AllAsleep());
    }

    [Fact]
    public void One_gpu_awake_is_enough()
    {
        Device("0000:01:00.0", "0x10de", "0x030000", "suspended");
        Device("0000:02:00.0", "0x10de", "0x030000", "active");
        Assert.False(new SleepingGpus(_tree.Root).AllAsleep());
    }

    [Fact]
    public void No_pci_tree_is_no_sleep() => Assert.False(new SleepingGpus(_tree.Root).AllAsleep());

    private void Device(string address, string vendor, string kind, string state)
    {
        _tree.Write($"sys/bus/pci/devices/{address}/vendor", $"{vendor}\n");
        _tree.Write($"sys/bus/pci/devices/{address}/class", $"{kind}\n");
        _tree.Write($"sys/bus/pci/devices/{address}/power/runtime_status", $"{state}\n");
    }
}
