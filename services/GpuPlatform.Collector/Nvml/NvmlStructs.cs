using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>A GPU's handle (<c>nvmlDevice_t</c>); valid until the session ends, needs no release.</summary>
internal readonly record struct NvmlDevice(nint Handle);

/// <summary><c>nvmlUtilization_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    public uint GpuPercent;
    public uint MemoryPercent;
}

/// <summary><c>nvmlMemory_t</c>, 24 bytes. From driver 510 on its <see cref="Used"/> includes what the driver reserves.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    public ulong Total;
    public ulong Free;
    public ulong Used;
}

/// <summary><c>nvmlMemory_v2_t</c>, 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemoryV2
{
    public const uint CurrentVersion = 40 | (2 << 24);

    public uint Version;
    public ulong Total;
    public ulong Reserved;
    public ulong Free;
    public ulong Used;
}

/// <summary><c>nvmlTemperature_v1_t</c>, 12 bytes. Sensor 0 is the core.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlTemperature
{
    public const uint CurrentVersion = 12 | (1 << 24);

    public uint Version;
    public uint SensorType;
    public int Celsius;
}
