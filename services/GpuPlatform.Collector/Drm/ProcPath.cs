using System.Buffers.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>Paths with two numbers in them, written into a buffer as the kernel takes them.</summary>
internal static class ProcPath
{
    /// <summary>Prefix, first number, middle, second number, and the zero at the end.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> buffer, ReadOnlySpan<byte> prefix, long first, ReadOnlySpan<byte> middle, long second)
    {
        prefix.CopyTo(buffer);
        var length = prefix.Length;
        Utf8Formatter.TryFormat(first, buffer[length..], out var written);
        length += written;
        middle.CopyTo(buffer[length..]);
        length += middle.Length;
        Utf8Formatter.TryFormat(second, buffer[length..], out written);
        length += written;
        buffer[length] = 0;
        return buffer[..(length + 1)];
    }
}
