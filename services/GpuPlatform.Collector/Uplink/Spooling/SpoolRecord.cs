using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>What a look at some place in a segment found.</summary>
internal enum RecordKind
{
    /// <summary>Nothing more.</summary>
    End,

    /// <summary>A message.</summary>
    Message,

    /// <summary>A whole record of a type that this version does not send.</summary>
    UnknownType,

    /// <summary>Bytes that are no whole record: damaged, torn, or of another version.</summary>
    Damaged,
}

/// <summary>
/// A message in a segment: mark (4 bytes), CRC-32C of all that follows (4), length of the content (4); then the content: message id (16),
/// length and text of the trace parent (1 + n), of the type's URN (2 + n), and the body. Numbers are little endian.
/// </summary>
internal static class SpoolRecord
{
    /// <summary>Beyond this a length is damage, not a message.</summary>
    public const int LargestContentBytes = 16 * 1024 * 1024;

    private const int CheckedFrom = 8;
    private const int HeaderBytes = 12;
    private const int IdBytes = 16;
    private const int SmallestContentBytes = IdBytes + sizeof(byte) + sizeof(ushort);

    // 0xFF stands in no UTF-8 text, so no body holds the mark; the last byte is the version of this layout
    private static ReadOnlySpan<byte> Mark => [0xFF, (byte)'G', (byte)'P', 1];

    public static int SizeOf(UplinkMessage message) => HeaderBytes + SmallestContentBytes
        + TraceOf(message).Length + Encoding.UTF8.GetByteCount(message.Route.Urn) + message.Body.Length;

    public static void Write(UplinkMessage message, ArrayBufferWriter<byte> to)
    {
        var size = SizeOf(message);
        var record = to.GetSpan(size)[..size];
        Mark.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record[CheckedFrom..], size - HeaderBytes);
        var content = record[HeaderBytes..];
        message.Id.TryWriteBytes(content, bigEndian: true, out _);
        var rest = content[IdBytes..];
        var traceLength = Encoding.ASCII.GetBytes(TraceOf(message), rest[1..]);
        rest[0] = (byte)traceLength;
        rest = rest[(1 + traceLength)..];
        var urnLength = Encoding.UTF8.GetBytes(message.Route.Urn, rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)urnLength);
        message.Body.Span.CopyTo(rest[(sizeof(ushort) + urnLength)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[Mark.Length..], Crc32C.Of(record[CheckedFrom..]));
        to.Advance(size);
    }

    /// <summary>Reads what stands at <paramref name="offset"/> and moves it behind that; behind damage it stands at the next whole record.</summary>
    public static RecordKind Read(ReadOnlyMemory<byte> segment, ref int offset, Func<string, UplinkRoute?> routeOf, out UplinkMessage? message)
    {
        message = null;
        if (offset >= segment.Length) return RecordKind.End;

        var size = WholeRecordSize(segment.Span[offset..]);
        if (size == 0)
        {
            offset = NextRecord(segment.Span, offset + 1);
            return RecordKind.Damaged;
        }

        var content = segment.Slice(offset + HeaderBytes, size - HeaderBytes);
        offset += size;
        return Parse(content, routeOf, out message);
    }

    // A W3C id has 55 characters; what does not fit into the length is none
    private static string TraceOf(UplinkMessage message) => message.TraceParent is { Length: <= byte.MaxValue } trace ? trace : "";

    private static RecordKind Parse(ReadOnlyMemory<byte> content, Func<string, UplinkRoute?> routeOf, out UplinkMessage? message)
    {
        message = null;
        var bytes = content.Span;
        int traceLength = bytes[IdBytes];
        var urnAt = IdBytes + 1 + traceLength + sizeof(ushort);
        if (urnAt > bytes.Length) return RecordKind.Damaged;
        int urnLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(urnAt - sizeof(ushort))..]);
        if (urnAt + urnLength > bytes.Length) return RecordKind.Damaged;

        if (routeOf(Encoding.UTF8.GetString(bytes.Slice(urnAt, urnLength))) is not { } route) return RecordKind.UnknownType;
        var trace = traceLength == 0 ? null : Encoding.ASCII.GetString(bytes.Slice(IdBytes + 1, traceLength));
        message = new(new Guid(bytes[..IdBytes], bigEndian: true), route, content[(urnAt + urnLength)..], trace);
        return RecordKind.Message;
    }

    private static int NextRecord(ReadOnlySpan<byte> segment, int from)
    {
        while (from < segment.Length)
        {
            var found = segment[from..].IndexOf(Mark);
            if (found < 0) break;
            from += found;
            if (WholeRecordSize(segment[from..]) > 0) return from;
            from++;
        }

        return segment.Length;
    }

    private static int WholeRecordSize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Mark)) return 0;
        var content = BinaryPrimitives.ReadInt32LittleEndian(bytes[CheckedFrom..]);
        if (content is < SmallestContentBytes or > LargestContentBytes || content > bytes.Length - HeaderBytes) return 0;
        var size = HeaderBytes + content;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[Mark.Length..]) == Crc32C.Of(bytes[CheckedFrom..size]) ? size : 0;
    }
}
