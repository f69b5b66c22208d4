using System.Buffers.Binary;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Zstandard frames of uncompressed blocks (RFC 8878): a valid stream for any reader, and no codec is needed to write one.</summary>
internal static class RawZstd
{
    private const uint Magic = 0xFD2FB528;
    private const int HeaderBytes = 6, BlockHeaderBytes = 3, BlockLimit = 1 << 16;

    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new List<byte>(content.Length + 64);
        frame.AddRange(BitConverter.GetBytes(Magic));
        // No single segment, no checksum, no size; a window of 128 KiB
        frame.AddRange([0x00, 0x38]);
        do
        {
            var block = content[..Math.Min(BlockLimit, content.Length)];
            content = content[block.Length..];
            var header = (block.Length << 3) | (content.IsEmpty ? 1 : 0);
            frame.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.AddRange(block);
        }
        while (!content.IsEmpty);
        return [.. frame];
    }

    /// <summary>Takes apart what <see cref="Frame"/> made.</summary>
    public static byte[] Unframe(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic || frame[4] != 0)
            throw new FormatException("not a zstd frame of raw blocks");
        var content = new List<byte>(frame.Length);
        frame = frame[HeaderBytes..];
        for (var last = false; !last;)
        {
            if (frame.Length < BlockHeaderBytes) throw new FormatException("a zstd block is cut");
            var header = frame[0] | (frame[1] << 8) | (frame[2] << 16);
            last = (header & 1) == 1;
            var length = header >> 3;
            if ((header & 6) != 0 || frame.Length < BlockHeaderBytes + length) throw new FormatException("a zstd block is not raw or is cut");
            content.AddRange(frame.Slice(BlockHeaderBytes, length));
            frame = frame[(BlockHeaderBytes + length)..];
        }
        return [.. content];
    }
}
