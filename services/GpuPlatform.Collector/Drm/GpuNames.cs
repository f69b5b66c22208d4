using System.Globalization;
using System.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>What a card is called: by its own board, else by the lists that distributions install, else by its numbers.</summary>
internal sealed class GpuNames(string root)
{
    private const int LongestName = 128;
    private const int LongestLine = 1024;

    private static readonly string[] AmdLists = ["usr/share/libdrm/amdgpu.ids", "opt/amdgpu/share/libdrm/amdgpu.ids"];
    private static readonly string[] PciLists = ["usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids"];

    public string NameOf(DrmCard card, string? productName) =>
        Clean(productName)
        ?? (card.VendorId == DrmCard.Amd ? First(AmdLists, lines => InAmdList(lines, card.DeviceId, card.RevisionId)) : null)
        ?? First(PciLists, lines => InPciList(lines, card.VendorId, card.DeviceId)) switch
        {
            { } name => $"{Maker(card)} {name}",
            null => $"{Maker(card)} GPU (0x{card.VendorId:x4}:0x{card.DeviceId:x4})",
        };

    private static string Maker(DrmCard card) => card.VendorId == DrmCard.Amd ? "AMD" : "Intel";

    // "744C,	C8,	AMD Radeon RX 7900 XTX"
    private static string? InAmdList(IEnumerable<string> lines, int device, int revision)
    {
        foreach (var line in lines)
        {
            var parts = line.Split(',', 3);
            if (parts.Length == 3 && Hex(parts[0]) == device && Hex(parts[1]) == revision)
                return Clean(parts[2]);
        }
        return null;
    }

    // "8086  Intel Corporation", and below it "	56a0  DG2 [Arc A770]"
    private static string? InPciList(IEnumerable<string> lines, int vendor, int device)
    {
        var isVendor = false;
        foreach (var line in lines)
            if (line.Length > 6 && line[0] != '\t' && line[0] != '#')
                isVendor = Hex(line[..4]) == vendor && line[4] == ' ';
            else if (isVendor && line.Length > 7 && line[0] == '\t' && line[1] != '\t' && Hex(line[1..5]) == device)
                return Clean(line[5..]);
        return null;
    }

    private string? First(string[] paths, Func<IEnumerable<string>, string?> find)
    {
        foreach (var path in paths.Select(path => Path.Combine(root, path)).Where(File.Exists))
            try
            {
                if (find(File.ReadLines(path, Encoding.UTF8).Where(line => line.Length <= LongestLine)) is { } name)
                    return name;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A name is not worth more than a try
                continue;
            }
        return null;
    }

    private static int? Hex(string text) =>
        int.TryParse(text.AsSpan().Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Clean(string? name)
    {
        var text = string.Concat((name ?? "").Where(c => !char.IsControl(c) && c != '\uFFFD')).Trim();
        return text.Length == 0 ? null : text.Length <= LongestName ? text : text[..LongestName];
    }
}
