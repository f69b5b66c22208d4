using System.Buffers.Binary;

namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>A place in the spool: the number of a segment and the bytes before the place in it.</summary>
internal readonly record struct SpoolPosition(long Segment, int Offset)
{
    private const int Bytes = 16;

    public void WriteTo(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], Segment);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes[4..]));
        RandomAccess.Write(file.SafeFileHandle, bytes, fileOffset: 0);
    }

    /// <summary>The position that the file holds; the very beginning when it holds none, so that rather too much is delivered than too little.</summary>
    public static SpoolPosition ReadFrom(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (RandomAccess.Read(file.SafeFileHandle, bytes, fileOffset: 0) < Bytes) return default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes[4..])) return default;
        var position = new SpoolPosition(BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
        return position is { Segment: >= 0, Offset: >= 0 } ? position : default;
    }
}
