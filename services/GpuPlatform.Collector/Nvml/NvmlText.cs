using System.Text;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Text out of the driver: perhaps not terminated, perhaps not UTF-8, perhaps with control characters in it.</summary>
internal static class NvmlText
{
    /// <summary>The longest text NVML documents is 96 bytes (<c>NVML_DEVICE_NAME_V2_BUFFER_SIZE</c>, <c>…UUID_V2…</c>).</summary>
    public const int BufferBytes = 96;

    /// <summary>The text up to its end, without control characters; null when nothing is left.</summary>
    public static string? Parse(ReadOnlySpan<byte> buffer)
    {
        var end = buffer.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? buffer : buffer[..end]);
        text = string.Concat(text.Where(c => !char.IsControl(c))).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>CUDA's number as people write it: 12020 is 12.2. Null for what cannot be a version.</summary>
    public static string? CudaVersion(uint number) => number is >= 1000 and < 1_000_000 ? $"{number / 1000}.{number % 1000 / 10}" : null;
}
