namespace GpuPlatform.Collector.Nvml;

/// <summary>The NVIDIA GPUs in the kernel's PCI tree that the NVIDIA driver serves; none where there is no such tree (Windows, WSL).</summary>
internal sealed class PciGpus(string root) : IDisposable
{
    /// <summary>One folder per GPU of the driver, asleep or not. In a container: per GPU given to it.</summary>
    public const string DriverFolder = "proc/driver/nvidia/gpus";

    private readonly string _devices = Path.Combine(root, "sys/bus/pci/devices");
    private readonly string _driver = Path.Combine(root, DriverFolder);
    // A server has hundreds of them, and what they are is asked once
    private readonly HashSet<string> _others = [];

    /// <summary>Ordered by address, which is how the driver numbers them.</summary>
    public IReadOnlyList<PciGpu> Gpus { get; private set; } = [];

    /// <summary>True when there is an NVIDIA GPU, whoever serves it.</summary>
    public static bool HasNvidiaGpu(string root)
    {
        using var pci = new PciGpus(root);
        return pci.Folders().Count > 0;
    }

    /// <summary>Reads the tree; true when GPUs came or went.</summary>
    public bool Refresh()
    {
        var folders = Folders().FindAll(IsServed);
        var changed = !folders.Select(Path.GetFileName).SequenceEqual(Gpus.Select(gpu => gpu.Address));
        if (changed)
            Gpus = Replace(folders);
        foreach (var gpu in Gpus)
            gpu.Look();
        return changed;
    }

    /// <summary>Reads the tree; true when one of its GPUs sleeps.</summary>
    public bool AnyAsleep()
    {
        Refresh();
        return Gpus.Any(gpu => gpu.IsAsleep());
    }

    public void Dispose()
    {
        foreach (var gpu in Gpus)
            gpu.Dispose();
        Gpus = [];
    }

    private List<PciGpu> Replace(List<string> folders)
    {
        var known = Gpus.ToDictionary(gpu => gpu.Address);
        var gpus = folders.ConvertAll(folder => known.Remove(Path.GetFileName(folder), out var gpu) ? gpu : new PciGpu(root, folder));
        foreach (var gone in known.Values)
            gone.Dispose();
        return gpus;
    }

    private List<string> Folders()
    {
        try
        {
            var all = Directory.Exists(_devices) ? Directory.GetDirectories(_devices) : [];
            _others.IntersectWith(all);
            _others.UnionWith(all.Where(folder => !_others.Contains(folder) && !IsNvidiaGpu(folder)).ToList());
            return [.. all.Where(folder => !_others.Contains(folder)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Class 0x0300xx is a VGA controller, 0x0302xx a 3D controller; an audio function of the same card has another
    private static bool IsNvidiaGpu(string folder) =>
        PciGpu.Text(Path.Combine(folder, "vendor")) == "0x10de" && PciGpu.Text(Path.Combine(folder, "class")) is { } kind
        && (kind.StartsWith("0x0300", StringComparison.Ordinal) || kind.StartsWith("0x0302", StringComparison.Ordinal));

    // One that is handed to a virtual machine, or to another container, is not ours to read
    private bool IsServed(string folder) => Directory.Exists(_driver)
        ? Directory.Exists(Path.Combine(_driver, Path.GetFileName(folder)))
        : new DirectoryInfo(Path.Combine(folder, "driver")).LinkTarget is not { } driver || Path.GetFileName(driver) == "nvidia";
}
