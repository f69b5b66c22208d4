using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary><c>nvmlMarginTemperature_v1_t</c>, 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMargin
{
    public const uint CurrentVersion = 8 | (1 << 24);

    public uint Version;
    public int Celsius;
}

/// <summary><c>nvmlFanSpeedInfo_v1_t</c>, 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlFanSpeed
{
    public const uint CurrentVersion = 12 | (1 << 24);

    public uint Version;
    public uint Fan;
    public uint Rpm;
}

/// <summary><c>nvmlViolationTime_t</c>, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlViolation
{
    public ulong ReferenceMicroseconds;
    public ulong ViolationNanoseconds;
}

/// <summary>What <c>nvmlDeviceGetRemappedRows</c> writes one by one.</summary>
internal struct NvmlRemappedRows
{
    public static readonly NvmlRemappedRows Unwritten = new()
    {
        CorrectedCount = uint.MaxValue, UncorrectedCount = uint.MaxValue, IsPending = uint.MaxValue, HasFailed = uint.MaxValue,
    };

    public uint CorrectedCount;
    public uint UncorrectedCount;
    public uint IsPending;
    public uint HasFailed;
}

/// <summary><c>nvmlPciInfo_t</c>, 68 bytes. Versions before 3 end earlier or later, with other text behind the same numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlPci
{
    public NvmlPciText LegacyBusId;
    public uint Domain;
    public uint Bus;
    public uint Device;
    public uint DeviceId;
    public uint SubsystemId;
    public NvmlPciText BusIdStart;
    public NvmlPciText BusIdEnd;
}

/// <summary>16 bytes of text.</summary>
[InlineArray(16)]
internal struct NvmlPciText
{
    private byte _first;
}

/// <summary><c>nvmlProcessesUtilizationInfo_v1_t</c>, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilizationRequest
{
    public const uint CurrentVersion = 24 | (1 << 24);

    public uint Version;
    public uint Count;
    public ulong LastSeenMicroseconds;
    public nint Samples;
}

/// <summary><c>nvmlGpmSupport_t</c>, 8 bytes; its version is a plain number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlGpmSupport
{
    public const uint CurrentVersion = 1;

    public uint Version;
    public uint IsSupported;
}

/// <summary><c>nvmlGpmMetric_t</c>, 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlGpmMetric
{
    public uint Id;
    public NvmlStatus Status;
    public double Value;
    public nint ShortName;
    public nint LongName;
    public nint Unit;
}

/// <summary><c>nvmlGpmMetricsGet_t</c>. Its array is as long as the header it was compiled with knows metrics; only those asked for are touched.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlGpmRequest
{
    public const uint CurrentVersion = 1;

    public uint Version;
    public uint Count;
    public nint Before;
    public nint After;
    public NvmlGpmMetrics Metrics;
}

/// <summary>Room for more metrics than are asked for: a library may clear what its own header has room for.</summary>
[InlineArray(Room)]
internal struct NvmlGpmMetrics
{
    public const int Room = 512;

    private NvmlGpmMetric _first;
}
