using System.Buffers.Binary;
using System.Text;

namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>Reads the D-Bus wire format. What does not hold together is an <see cref="InvalidDataException"/>, whoever sent it.</summary>
internal ref struct BusReader(ReadOnlySpan<byte> bytes, bool isLittleEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position >= _bytes.Length;

    public byte Byte() => Take(1)[0];

    public uint Number()
    {
        Align(4);
        var four = Take(4);
        return isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(four) : BinaryPrimitives.ReadUInt32BigEndian(four);
    }

    /// <summary>A string or an object path.</summary>
    public string Text() => Text((int)Math.Min(Number(), int.MaxValue));

    public string Signature() => Text(Byte());

    public void Align(int boundary)
    {
        var rest = Position % boundary;
        if (rest > 0)
            Take(boundary - rest);
    }

    private string Text(int length)
    {
        var text = Encoding.UTF8.GetString(Take(length));
        return Byte() == 0 ? text : throw new InvalidDataException("a text does not end where it says");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _bytes.Length - Position)
            throw new InvalidDataException("a message ends too soon");
        var taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }
}
