using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// <c>nvmlFieldValue_t</c>, 40 bytes. Which type the value has is said by the driver and may change with it, so all are taken; what is
/// not a number of that type, or "not available" (all ones), is null.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlFieldValue
{
    public uint FieldId;
    public uint ScopeId;
    public long TimestampMicroseconds;
    public long LatencyMicroseconds;
    public uint ValueType;
    public NvmlStatus Status;
    public ulong Bits;

    private const uint TypeDouble = 0;
    private const uint TypeUInt32 = 1;
    private const uint TypeULong = 2;
    private const uint TypeUInt64 = 3;
    private const uint TypeInt64 = 4;
    private const uint TypeInt32 = 5;
    private const uint TypeUInt16 = 6;

    public readonly bool IsOfKnownType => ValueType <= TypeUInt16;

    /// <summary>The value as a number of any kind.</summary>
    public readonly double? Number => ValueType == TypeDouble
        ? BitConverter.UInt64BitsToDouble(Bits) is var number && double.IsFinite(number) ? number : null
        : Integer;

    /// <summary>The value as a whole number.</summary>
    public readonly long? Integer => ValueType switch
    {
        TypeUInt32 => Unsigned32,
        // unsigned long: four bytes on Windows, eight elsewhere
        TypeULong => OperatingSystem.IsWindows() ? Unsigned32 : Unsigned64,
        TypeUInt64 => Unsigned64,
        TypeInt64 => (long)Bits,
        TypeInt32 => (int)Bits,
        TypeUInt16 => (ushort)Bits,
        TypeDouble when BitConverter.UInt64BitsToDouble(Bits) is >= long.MinValue and < long.MaxValue and var number
            && Math.Truncate(number) == number => (long)number,
        _ => null,
    };

    private readonly long? Unsigned32 => (uint)Bits is var value and not uint.MaxValue ? value : null;

    private readonly long? Unsigned64 => Bits <= long.MaxValue ? (long)Bits : null;
}

/// <summary>The fields that are read (<c>NVML_FI_DEV_…</c>).</summary>
internal enum NvmlField : uint
{
    EccCorrectedVolatile = 3,
    EccUncorrectedVolatile = 4,
    EccCorrectedAggregate = 5,
    EccUncorrectedAggregate = 6,
    RetiredCorrected = 29,
    RetiredUncorrected = 30,
    RetirementPending = 31,
    PowerViolation = 74,
    ThermalViolation = 75,
    MemoryTemperature = 82,
    NvLinkCount = 91,
    PcieReplays = 94,
    NvLinkSentKibibytes = 138,
    NvLinkReceivedKibibytes = 139,
    RemappedCorrected = 142,
    RemappedUncorrected = 143,
    RemapPending = 144,
    RemapFailed = 145,
    PowerAverage = 185,
    PowerInstant = 186,
    PcieSentBytes = 197,
    PcieReceivedBytes = 198,
    NvLink5SentBytes = 202,
    NvLink5ReceivedBytes = 204,
    RecoveryAction = 230,
}
