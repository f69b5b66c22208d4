using System.Buffers.Binary;
using System.Text;

namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>D-Bus messages as bytes and back: little endian when written, either when read.</summary>
internal static class BusFormat
{
    /// <summary>What is read first: it says how long the rest is.</summary>
    public const int FixedBytes = 16;

    // The format allows 128 MiB. A list of games takes less than one
    internal const int MostBytes = 1024 * 1024;

    private const byte Version = 1;
    private const byte NoAutoStartFlag = 2;

    /// <summary>Length of the whole message, by its first bytes.</summary>
    public static int Length(ReadOnlySpan<byte> start)
    {
        var isLittle = IsLittleEndian(start[0]);
        if (start[3] != Version)
            throw new InvalidDataException($"version {start[3]} of the format is not known");
        var (body, fields) = (Number(start[4..], isLittle), Number(start[12..], isLittle));
        var length = FixedBytes + ((long)fields + 7) / 8 * 8 + body;
        return length <= MostBytes ? (int)length : throw new InvalidDataException($"a message of {length} bytes is none of a list of games");
    }

    /// <summary>Null for one that does not hold together.</summary>
    public static BusMessage? TryRead(byte[] message)
    {
        try
        {
            return Read(message);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    public static BusMessage Read(byte[] message)
    {
        var isLittle = IsLittleEndian(message[0]);
        var fieldsEnd = FixedBytes + (int)Number(message.AsSpan(12), isLittle);
        var reader = new BusReader(message.AsSpan(0, fieldsEnd), isLittle);
        for (var i = 0; i < FixedBytes; i++)
            reader.Byte();
        var read = new BusMessage
        {
            Type = (BusMessageType)message[1], Serial = Number(message.AsSpan(8), isLittle), IsLittleEndian = isLittle, Body = message.AsMemory((fieldsEnd + 7) / 8 * 8),
        };
        while (!reader.IsAtEnd)
        {
            reader.Align(8);
            var (code, signature) = (reader.Byte(), reader.Signature());
            read = signature switch
            {
                "s" or "o" => WithText(read, code, reader.Text()),
                "g" => read with { Signature = reader.Signature() },
                "u" => WithNumber(read, code, reader.Number()),
                _ => throw new InvalidDataException($"a header field of type '{signature}'"),
            };
        }
        return read;
    }

    public static byte[] Write(BusMessage message)
    {
        var bytes = new List<byte> { (byte)'l', (byte)message.Type, message.NoAutoStart ? NoAutoStartFlag : (byte)0, Version };
        Put(bytes, (uint)message.Body.Length);
        Put(bytes, message.Serial);
        Put(bytes, 0);
        if (message.Path is { } path) Field(bytes, 1, 'o', path);
        if (message.Interface is { } face) Field(bytes, 2, 's', face);
        if (message.Member is { } member) Field(bytes, 3, 's', member);
        if (message.ReplyTo > 0) Field(bytes, 5, message.ReplyTo);
        if (message.Destination is { } destination) Field(bytes, 6, 's', destination);
        if (message.Signature.Length > 0) Field(bytes, 8, 'g', message.Signature);
        var fields = (uint)(bytes.Count - FixedBytes);
        Align(bytes, 8);
        var written = (byte[])[.. bytes, .. message.Body.Span];
        BinaryPrimitives.WriteUInt32LittleEndian(written.AsSpan(12), fields);
        return written;
    }

    /// <summary>A body of texts alone.</summary>
    public static byte[] Texts(params ReadOnlySpan<string> texts)
    {
        var bytes = new List<byte>();
        foreach (var text in texts)
            PutText(bytes, text);
        return [.. bytes];
    }

    internal static void Align(List<byte> bytes, int boundary)
    {
        while (bytes.Count % boundary > 0)
            bytes.Add(0);
    }

    internal static void Put(List<byte> bytes, uint number)
    {
        Align(bytes, 4);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, number);
        bytes.AddRange(four);
    }

    internal static void PutText(List<byte> bytes, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Put(bytes, (uint)utf8.Length);
        bytes.AddRange(utf8);
        bytes.Add(0);
    }

    private static void Field(List<byte> bytes, byte code, char type, string text)
    {
        Begin(bytes, code, type);
        if (type != 'g')
        {
            PutText(bytes, text);
            return;
        }
        bytes.Add((byte)text.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(text));
        bytes.Add(0);
    }

    private static void Field(List<byte> bytes, byte code, uint number)
    {
        Begin(bytes, code, 'u');
        Put(bytes, number);
    }

    private static void Begin(List<byte> bytes, byte code, char type)
    {
        Align(bytes, 8);
        bytes.AddRange([code, 1, (byte)type, 0]);
    }

    private static BusMessage WithText(BusMessage message, byte code, string text) => code switch
    {
        1 => message with { Path = text },
        2 => message with { Interface = text },
        3 => message with { Member = text },
        6 => message with { Destination = text },
        7 => message with { Sender = text },
        _ => message,
    };

    private static BusMessage WithNumber(BusMessage message, byte code, uint number) => code == 5 ? message with { ReplyTo = number } : message;

    private static bool IsLittleEndian(byte mark) => mark switch
    {
        (byte)'l' => true,
        (byte)'B' => false,
        _ => throw new InvalidDataException("what the bus says is no message"),
    };

    private static uint Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
