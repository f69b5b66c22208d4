using System.Globalization;

namespace GpuPlatform.Collector.Drm;

/// <summary>A graphics card as the kernel lists it. Two listings of a card that did not change are equal.</summary>
internal sealed record DrmCard
{
    public const int Amd = 0x1002;
    public const int Intel = 0x8086;

    /// <summary>Its folder <c>…/sys/class/drm/cardN</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Address on the PCI bus, as in <c>0000:03:00.0</c>.</summary>
    public required string BusId { get; init; }

    public required int VendorId { get; init; }

    public required int DeviceId { get; init; }

    public required int RevisionId { get; init; }

    /// <summary>The kernel driver: <c>amdgpu</c>, <c>i915</c>, <c>xe</c>, …</summary>
    public required string Driver { get; init; }

    /// <summary>The folder of its sensors; null when the driver has none.</summary>
    public string? Sensors { get; init; }

    /// <summary>Minor number of <c>/dev/dri/cardN</c>.</summary>
    public int CardMinor { get; init; }

    /// <summary>Minor number of <c>/dev/dri/renderDN</c>.</summary>
    public int? RenderMinor { get; init; }

    public string Device => Path.Combine(Folder, "device");

    /// <summary>True for a chip's own graphics, which Intel puts at this address always; a card with sensors is none, wherever a hypervisor put it.</summary>
    public bool IsIntelIntegrated => VendorId == Intel && Sensors is null && BusId.Contains(":00:02.", StringComparison.Ordinal);

    /// <summary>The card in such a folder; null when it is no PCI card of AMD or Intel that a driver holds.</summary>
    public static DrmCard? Find(string folder, KernelReader files)
    {
        var device = Path.Combine(folder, "device");
        if (Hex(device, "vendor", files) is not { } vendor || vendor is not (Amd or Intel))
            return null;
        var (driver, busId) = Event(device, files);
        if (driver is null || busId is null || Hex(device, "device", files) is not { } id)
            return null;
        var render = Directory.Exists(Path.Combine(device, "drm"))
            ? Directory.EnumerateDirectories(Path.Combine(device, "drm"), "renderD*").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        return new DrmCard
        {
            Folder = folder,
            BusId = busId,
            VendorId = vendor,
            DeviceId = id,
            RevisionId = Hex(device, "revision", files) ?? 0,
            Driver = driver,
            Sensors = FindSensors(device, driver, files),
            CardMinor = Minor(folder, files) ?? -1,
            RenderMinor = render is null ? null : Minor(render, files),
        };
    }

    // i915 has further folders with the energy of single tiles, named i915_gt0 and so on
    private static string? FindSensors(string device, string driver, KernelReader files)
    {
        var parent = Path.Combine(device, "hwmon");
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, "hwmon*").Order(StringComparer.Ordinal)
                .FirstOrDefault(folder => files.Text(KernelFile.At(folder, "name")) == driver)
            : null;
    }

    private static (string? Driver, string? BusId) Event(string device, KernelReader files)
    {
        string? driver = null, busId = null;
        foreach (var line in (files.Text(KernelFile.At(device, "uevent")) ?? "").Split('\n'))
            if (line.StartsWith("DRIVER=", StringComparison.Ordinal))
                driver = line[7..].Trim();
            else if (line.StartsWith("PCI_SLOT_NAME=", StringComparison.Ordinal))
                busId = line[14..].Trim();
        return (driver is not null && driver.All(IsNamePart) ? driver : null, busId is not null && busId.All(IsAddressPart) ? busId : null);
    }

    // Both become parts of paths and identities
    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static bool IsAddressPart(char c) => char.IsAsciiHexDigit(c) || c is ':' or '.';

    private static int? Hex(string device, string name, KernelReader files)
    {
        var file = KernelFile.At(device, name);
        if (files.Text(file) is not { } text)
            return null;
        if (text.StartsWith("0x", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 0xffff)
            return value;
        files.CountGarbage(file.Kind);
        return null;
    }

    // "226:128"
    private static int? Minor(string folder, KernelReader files) =>
        files.Text(KernelFile.At(folder, "dev")) is { } text && text.Split(':') is ["226", var minor] && int.TryParse(minor, out var number)
            ? number : null;
}
