namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Tells from the kernel's PCI tree, without touching a GPU, whether all NVIDIA GPUs are powered down. Opening the driver would
/// wake them, and holding it open keeps them awake. What cannot be read counts as awake.
/// </summary>
internal sealed class SleepingGpus(string root = "/")
{
    private readonly string _devices = Path.Combine(root, "sys/bus/pci/devices");

    public bool AllAsleep() => States() is { Count: > 0 } states && states.TrueForAll(asleep => asleep);

    public bool AnyAsleep() => States().Exists(asleep => asleep);

    private List<bool> States()
    {
        try
        {
            return Directory.Exists(_devices)
                ? [.. Directory.EnumerateDirectories(_devices).Where(IsNvidiaGpu)
                    .Select(gpu => Read(gpu, "power/runtime_status") is "suspended" or "suspending")]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Class 0x0300xx is a VGA controller, 0x0302xx a 3D controller; an audio function of the same card has another
    private static bool IsNvidiaGpu(string device) =>
        Read(device, "vendor") == "0x10de" && Read(device, "class") is { } kind
        && (kind.StartsWith("0x0300", StringComparison.Ordinal) || kind.StartsWith("0x0302", StringComparison.Ordinal));

    private static string? Read(string device, string file)
    {
        var path = Path.Combine(device, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
