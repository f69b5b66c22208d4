using System.Buffers.Binary;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Entries of a process list in whichever layout the library wrote: 16 bytes {pid, used} before driver 450, 24 {…, gi, ci} since,
/// 32 {…, protected memory} from 535.43 to 535.86 under the very name that means 24 elsewhere, and 16 under that name on some
/// 550 drivers. The name proves nothing, so the buffer is marked before the call and measured after it.
/// </summary>
internal static class ProcessEntries
{
    /// <summary>Room one entry needs in the widest layout.</summary>
    public const int WidestBytes = 32;

    private const byte Mark = 0xA5;

    public static void Prepare(Span<byte> buffer) => buffer.Fill(Mark);

    /// <summary>Bytes per entry; 0 when what was written fits no layout.</summary>
    public static int Stride(ReadOnlySpan<byte> buffer, int count)
    {
        var writtenBytes = buffer.LastIndexOfAnyExcept(Mark) + 1;
        var stride = writtenBytes <= 8 * count ? 0 : writtenBytes <= 16 * count ? 16 : writtenBytes <= 24 * count ? 24 : WidestBytes;
        // A library that clears the room behind its entries looks wider than it is: the pids tell
        return stride == WidestBytes && !PidsPlausible(buffer, count, WidestBytes) ? 24 : stride;
    }

    public static bool PidsPlausible(ReadOnlySpan<byte> buffer, int count, int stride)
    {
        for (var i = 0; i < count; i++)
            if (Pid(buffer, i, stride) <= 0)
                return false;
        return true;
    }

    /// <summary>The pid of an entry; 0 or less cannot be one.</summary>
    public static int Pid(ReadOnlySpan<byte> buffer, int entry, int stride) =>
        BinaryPrimitives.ReadInt32LittleEndian(buffer[(entry * stride)..]);

    /// <summary>Memory of an entry; null where the driver does not know it (all ones, as under WDDM) or it cannot be.</summary>
    public static long? MemoryBytes(ReadOnlySpan<byte> buffer, int entry, int stride)
    {
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(buffer[(entry * stride + 8)..]);
        return bytes <= PlausibleBytes ? (long)bytes : null;
    }

    /// <summary>True when the process works on an instance of a split GPU; older layouts do not tell.</summary>
    public static bool IsOnInstance(ReadOnlySpan<byte> buffer, int entry, int stride) =>
        stride >= 24 && BinaryPrimitives.ReadUInt32LittleEndian(buffer[(entry * stride + 16)..]) != NoInstance;

    private const uint NoInstance = uint.MaxValue;

    // 16 TiB: beyond any GPU, below the garbage of a misread entry
    private const ulong PlausibleBytes = 1UL << 44;
}
