using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// One NVIDIA GPU as the kernel's PCI tree shows it. Nothing here touches the GPU: the files answer from what the kernel remembers. What cannot
/// be read counts as awake.
/// </summary>
internal sealed class PciGpu : IDisposable
{
    private readonly string _folder;
    private readonly string _driverPower;
    private readonly SafeFileHandle? _runtimeStatus;
    private readonly SafeFileHandle? _powerState;
    private bool? _driverAllowsSleep;

    public PciGpu(string root, string folder)
    {
        _folder = folder;
        Address = Path.GetFileName(folder);
        DeviceId = Text(Path.Combine(folder, "device")) is { Length: 6 } id ? id[2..].ToLowerInvariant() : null;
        _driverPower = Path.Combine(root, PciGpus.DriverFolder, Address, "power");
        _runtimeStatus = Open("power/runtime_status");
        _powerState = Open("power_state");
    }

    /// <summary>Domain, bus, device and function, as in <c>0000:01:00.0</c>.</summary>
    public string Address { get; }

    /// <summary>The four hexadecimal digits of the model.</summary>
    public string? DeviceId { get; }

    /// <summary>
    /// True on machines that power the GPU down when nobody uses it: laptops, mostly. A desktop's runtime power management is off, or is on and the
    /// driver does not support it for that GPU.
    /// </summary>
    public bool CanSleep { get; private set; }

    /// <summary>True when the kernel has powered it down or is doing so. Asked at every tick, so it allocates nothing.</summary>
    public bool IsAsleep() => Begins(_runtimeStatus, "suspend"u8) || Begins(_powerState, "D3"u8);

    /// <summary>Looks whether it may be powered down. Asked now and then: an administrator can change it.</summary>
    public void Look() => CanSleep = IsAsleep()
        || (Text(Path.Combine(_folder, "power/control")) == "auto"
            && (Begins(_runtimeStatus, "active"u8) || Begins(_runtimeStatus, "resuming"u8)) && DriverAllowsSleep());

    public void Dispose()
    {
        _runtimeStatus?.Dispose();
        _powerState?.Dispose();
    }

    // Distributions set power/control to auto on desktops too; only the driver knows. Asked once, and only while the GPU is awake
    private bool DriverAllowsSleep()
    {
        if (_driverAllowsSleep is { } known)
            return known;
        var line = Text(_driverPower)?.Split('\n').FirstOrDefault(line => line.StartsWith("Runtime D3 status", StringComparison.Ordinal));
        var state = line?[(line.IndexOf(':') + 1)..].Trim();
        if (state is null or "" or "?")
            return true;
        _driverAllowsSleep = state.StartsWith("Enabled", StringComparison.Ordinal);
        return _driverAllowsSleep.Value;
    }

    private SafeFileHandle? Open(string file)
    {
        try
        {
            return File.OpenHandle(Path.Combine(_folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Begins(SafeFileHandle? file, ReadOnlySpan<byte> word)
    {
        if (file is null)
            return false;
        Span<byte> text = stackalloc byte[16];
        try
        {
            return text[..RandomAccess.Read(file, text, fileOffset: 0)].StartsWith(word);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }

    internal static string? Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
