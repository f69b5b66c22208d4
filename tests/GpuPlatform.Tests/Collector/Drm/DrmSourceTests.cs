using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class DrmSourceTests : IDisposable
{
    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_host_without_graphics_drivers_says_so_and_that_it_is_no_fault()
    {
        Assert.False(_host.Source.Open());
        Assert.True(_host.Source.Info.IsAbsent);
        Assert.Contains("WSL", _host.Source.Info.UnavailableReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Cards_of_others_are_left_to_others()
    {
        Captures.Card(_host.Tree, "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", 0, "nvidia", "0x10de", "0x2684");
        Captures.Card(_host.Tree, "sys/devices/pci0000:00/0000:00:01.0/0000:02:00.0", 1, "ast", "0x1a03", "0x2000");
        Assert.False(_host.Source.Open());
        Assert.Contains("no AMD or Intel GPU", _host.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Captures.WriteApu(_host.Tree, number: 2);
        _host.Clock.Advance(DrmFixture.ListInterval);
        Assert.Equal("PCI-0000:c4:00.0", _host.Gpu.Identity.Uuid);
    }

    [Fact]
    public void Cards_that_come_and_go_are_noticed_and_the_others_keep_what_they_know()
    {
        Captures.WriteRadeon(_host.Tree);
        var radeon = _host.Gpu;
        var list = _host.Source.Gpus;
        Captures.WriteApu(_host.Tree, number: 1);
        Assert.True(_host.Source.Open());
        Assert.Same(list, _host.Source.Gpus);
        _host.Clock.Advance(DrmFixture.ListInterval);
        Assert.True(_host.Source.Open());
        Assert.Equal([0, 1], _host.Source.Gpus.Select(gpu => gpu.Identity.Index));
        Assert.Same(radeon, _host.Source.Gpus[0]);
        _host.Tree.Remove("sys/class/drm/card0");
        _host.Clock.Advance(DrmFixture.ListInterval);
        Assert.Equal("PCI-0000:c4:00.0", _host.Gpu.Identity.Uuid);
        _host.Tree.Remove("sys/class/drm/card1");
        _host.Clock.Advance(DrmFixture.ListInterval);
        Assert.False(_host.Source.Open());
        Assert.Empty(_host.Source.Gpus);
    }

    [Fact]
    public void Two_cards_that_claim_one_identity_are_told_apart_by_their_slots()
    {
        Captures.WriteRadeon(_host.Tree);
        Captures.WriteInstinct(_host.Tree);
        _host.Tree.Write(Captures.Instinct + "/unique_id", "6e2c5b5d1d5a6f3a\n");
        Assert.True(_host.Source.Open());
        Assert.Equal(["AMD-6e2c5b5d1d5a6f3a", "PCI-0000:41:00.0"], _host.Source.Gpus.Select(gpu => gpu.Identity.Uuid));
    }

    [Theory]
    [InlineData("0000000000000000")]
    [InlineData("not hexadecimal!")]
    [InlineData("6e2c5b5d1d5a6f3a6e2c5b5d1d5a6f3a6e2c5b5d1d5a6f3a")]
    public void What_is_no_identity_is_not_taken_for_one(string text)
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(Captures.Radeon + "/unique_id", text);
        Assert.Equal("PCI-0000:03:00.0", _host.Gpu.Identity.Uuid);
    }

    [Theory]
    [InlineData("vendor", "4098")]
    [InlineData("vendor", "0x10000000000002")]
    [InlineData("device", "")]
    [InlineData("uevent", "PCI_SLOT_NAME=0000:03:00.0")]
    [InlineData("uevent", "DRIVER=../../evil\nPCI_SLOT_NAME=0000:03:00.0")]
    [InlineData("uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=<script>")]
    public void A_card_whose_files_make_no_sense_is_not_listed(string file, string text)
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write($"{Captures.Radeon}/{file}", text);
        Assert.False(_host.Source.Open());
    }

    [Fact]
    public void A_driver_with_a_version_of_its_own_tells_that()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write("sys/module/amdgpu/version", "6.10.5\n");
        Assert.True(_host.Source.Open());
        Assert.Equal(new SourceInfo("drm") { DriverVersion = "6.10.5" }, _host.Source.Info);
    }

    [Fact]
    public void A_version_that_the_kernel_does_not_say_is_not_invented()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write("proc/sys/kernel/osrelease", "");
        Assert.True(_host.Source.Open());
        Assert.Null(_host.Source.Info.DriverVersion);
    }

    [Fact]
    public void Absent_hardware_does_not_hide_why_other_hardware_cannot_be_read()
    {
        var asleep = new SourceInfo(SourceInfo.None, "every NVIDIA GPU is asleep");
        var absent = new SourceInfo(SourceInfo.None, "no AMD or Intel GPU") { IsAbsent = true };
        Assert.Equal("every NVIDIA GPU is asleep", SourceInfo.Combine([asleep, absent]).UnavailableReason);
        Assert.Equal("every NVIDIA GPU is asleep; broken", SourceInfo.Combine([asleep, absent, new(SourceInfo.None, "broken")]).UnavailableReason);
        Assert.Equal("no AMD or Intel GPU", SourceInfo.Combine([absent, absent]).UnavailableReason);
        Assert.Equal("nvml", SourceInfo.Combine([new("nvml"), absent]).Name);
        Assert.Equal("nvml+drm", SourceInfo.Combine([new("nvml"), new("drm")]).Name);
    }
}
