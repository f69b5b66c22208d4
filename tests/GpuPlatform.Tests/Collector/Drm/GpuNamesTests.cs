namespace GpuPlatform.Tests.Collector.Drm;

public sealed class GpuNamesTests : IDisposable
{
    private const string AmdList = "usr/share/libdrm/amdgpu.ids";
    private const string PciList = "usr/share/misc/pci.ids";

    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_board_names_itself_first()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(AmdList, "744C,\tC8,\tAMD Radeon RX 7900 XTX\n");
        _host.Tree.Write(Captures.Radeon + "/product_name", "Radeon PRO W7900\n");
        Assert.Equal("Radeon PRO W7900", _host.Gpu.Identity.Name);
    }

    [Fact]
    public void Device_and_revision_are_looked_up_in_the_drivers_list()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(AmdList, "# List\n1.0.0\n744C,\tCC,\tAMD Radeon RX 7900 XT\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n");
        Assert.Equal("AMD Radeon RX 7900 XTX", _host.Gpu.Identity.Name);
    }

    [Fact]
    public void Then_in_the_list_of_all_devices()
    {
        Captures.WriteArc(_host.Tree);
        _host.Tree.Write(PciList, "1002  AMD\n\t56a0  Wrong vendor\n8086  Intel Corporation\n\t56a0  DG2 [Arc A770]\n\t\t8086 1020  A board\n");
        Assert.Equal("Intel DG2 [Arc A770]", _host.Gpu.Identity.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("744C")]
    [InlineData("744C,C8")]
    [InlineData("744C,C8,")]
    [InlineData("zzzz,C8,Name")]
    [InlineData(",,,,,\n\n\0\0\u0007")]
    public void Without_a_name_the_numbers_stand(string list)
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(AmdList, list);
        _host.Tree.Write(PciList, list);
        Assert.Equal("AMD GPU (0x1002:0x744c)", _host.Gpu.Identity.Name);
    }

    [Fact]
    public void Names_are_cut_and_cleaned()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Tree.Write(Captures.Radeon + "/product_name", "\u001b[31m" + new string('x', 500));
        Assert.Equal("[31m" + new string('x', 124), _host.Gpu.Identity.Name);
    }

    [Fact]
    public void Lists_that_are_no_text_are_no_names()
    {
        Captures.WriteRadeon(_host.Tree);
        var noise = new byte[100_000];
        new Random(7).NextBytes(noise);
        _host.Tree.Write(AmdList, noise);
        Assert.Equal("AMD GPU (0x1002:0x744c)", _host.Gpu.Identity.Name);
    }
}
