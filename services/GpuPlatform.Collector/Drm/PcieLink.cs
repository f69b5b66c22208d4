using System.Buffers.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>
/// The link of a card to its slot. Cards of AMD and Intel carry a switch of their own, and what the GPU's own function reports is the link to
/// that switch (on Arc always 2.5 GT/s x1): the card's link is that of the switch's upper port.
/// </summary>
internal sealed class PcieLink(DrmCard card, KernelReader files)
{
    private const int MostSteps = 4;
    private const int MostLanes = 32;

    private readonly string _port = FindUpperPort(card, files);

    public int? Generation => GenerationIn("current_link_speed");

    public int? MaxGeneration => GenerationIn("max_link_speed");

    public int? LaneCount => (int?)files.Number(KernelFile.At(_port, "current_link_width"), 1, MostLanes);

    public int? MaxLaneCount => (int?)files.Number(KernelFile.At(_port, "max_link_width"), 1, MostLanes);

    // "16.0 GT/s PCIe"
    private int? GenerationIn(string name)
    {
        var text = files.Read(KernelFile.At(_port, name));
        return !Utf8Parser.TryParse(text, out double speed, out _) ? null : speed switch
        {
            2.5 => 1,
            5 => 2,
            8 => 3,
            16 => 4,
            32 => 5,
            64 => 6,
            128 => 7,
            _ => null,
        };
    }

    // The kernel, not .NET, follows the dots: "device" is a link. Above a root port there is no PCI device any more
    private static string FindUpperPort(DrmCard card, KernelReader files)
    {
        var port = card.Device;
        for (var i = 0; i < MostSteps; i++)
        {
            var parent = port + "/..";
            var isSwitchOfCard = files.Read(KernelFile.At(parent, "class")).StartsWith("0x0604"u8)
                && files.Text(KernelFile.At(parent, "vendor")) == $"0x{card.VendorId:x4}"
                && !files.Read(KernelFile.At(parent + "/..", "vendor")).IsEmpty;
            if (!isSwitchOfCard)
                break;
            port = parent;
        }
        return port;
    }
}
