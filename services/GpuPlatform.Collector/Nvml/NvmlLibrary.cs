using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Address of an exported function, 0 when the library has none of that name.</summary>
internal delegate nint SymbolResolver(string name);

/// <summary>The driver's management library, loaded at run time: a host without a driver must run too.</summary>
internal sealed class NvmlLibrary(SymbolResolver resolve, nint handle = 0) : IDisposable
{
    private const string Name = "libnvidia-ml.so.1";

    private nint _handle = handle;

    /// <summary>
    /// Where the library may be. Only the bare driver's names: the unversioned one belongs to development packages. Behind the loader's own
    /// places come those that it is not told of everywhere: WSL, NixOS, and containers of managed Kubernetes.
    /// </summary>
    public static IReadOnlyList<string> Candidates { get; } = OperatingSystem.IsWindows()
        ? [
            Path.Combine(Environment.SystemDirectory, "nvml.dll"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "NVIDIA Corporation", "NVSMI", "nvml.dll"),
        ]
        : [
            Name, $"/usr/lib/wsl/lib/{Name}", $"/run/opengl-driver/lib/{Name}", $"/usr/local/nvidia/lib64/{Name}",
        ];

    /// <summary>Loads the library, as it lies on the disk now unless an earlier one is still in use; null when this host has none.</summary>
    public static NvmlLibrary? Load()
    {
        foreach (var candidate in Candidates)
            if (NativeLibrary.TryLoad(candidate, typeof(NvmlLibrary).Assembly, DllImportSearchPath.SafeDirectories, out var handle))
                return new NvmlLibrary(name => NativeLibrary.TryGetExport(handle, name, out var address) ? address : 0, handle);
        return null;
    }

    /// <summary>The first of several names that exists, newest first; 0 when none does.</summary>
    public nint Resolve(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (resolve(name) is var address and not 0)
                return address;
        return 0;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
            NativeLibrary.Free(handle);
    }
}
