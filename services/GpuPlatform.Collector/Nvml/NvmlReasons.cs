namespace GpuPlatform.Collector.Nvml;

/// <summary>Why NVML cannot be used, in words that say what to do.</summary>
internal static class NvmlReasons
{
    public const string NotOpened = "the NVIDIA driver has not been opened yet";
    public const string NoGpu = "the NVIDIA driver answers but lists no GPU; is one passed through to this machine or container?";
    public const string EndsAtOnce = "the NVIDIA driver opens, but ends the session at the first reading";
    public const string EndedAgain = "the NVIDIA driver ended the session again less than a minute after it was opened; it is tried again";

    public static string Init(NvmlStatus status) => status switch
    {
        NvmlStatus.DriverNotLoaded =>
            "the NVIDIA kernel driver is not loaded; load it with 'modprobe nvidia' or start the machine again",
        NvmlStatus.LibRmVersionMismatch =>
            "the NVIDIA driver was updated but the old one is still loaded; start the machine again",
        NvmlStatus.NoPermission =>
            "no permission to open the NVIDIA driver; give this user read and write access to /dev/nvidiactl and /dev/nvidia*",
        NvmlStatus.OperatingSystem =>
            "the operating system or a device control group blocks the NVIDIA driver; allow the /dev/nvidia* devices",
        NvmlStatus.FunctionNotFound =>
            "the NVIDIA management library has no nvmlInit: it is not a library of a working driver; install the driver again",
        _ => $"the NVIDIA management library could not be initialised (code {(int)status})",
    };

    public static string NoneOpened(uint count, List<string> reasons) =>
        $"the NVIDIA driver lists {count} GPU(s) but none can be opened: {(reasons.Count > 0 ? string.Join("; ", reasons) : "they fell asleep")}";

    public static string Hangs(string what, TimeSpan age) => $"{what}: the driver has not answered for {age.TotalSeconds:F0} s, and is waited for";

    public static string NoLibrary(string root)
    {
        var notFound = $"{string.Join(" and ", NvmlLibrary.Candidates)} not found";
        if (File.Exists(Path.Combine(root, ".dockerenv")) || File.Exists(Path.Combine(root, "run/.containerenv")))
            return $"this container was given no NVIDIA driver: {notFound}; start it with the NVIDIA container toolkit " +
                "('--gpus all', NVIDIA_DRIVER_CAPABILITIES with 'utility') if the host has such a GPU";
        if (PciGpu.Text(Path.Combine(root, "proc/sys/kernel/osrelease")) is { } kernel && kernel.Contains("microsoft", StringComparison.OrdinalIgnoreCase))
            return $"WSL offers no NVIDIA driver: {notFound}; install the driver in Windows, not here, and update WSL ('wsl --update')";
        return PciGpus.HasNvidiaGpu(root) ? $"this host has an NVIDIA GPU but not its driver: {notFound}; install the NVIDIA driver"
            : $"no NVIDIA driver is installed: {notFound}; install the NVIDIA driver if this host has such a GPU";
    }
}
