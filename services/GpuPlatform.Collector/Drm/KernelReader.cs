using System.Buffers.Text;
using System.Diagnostics.Metrics;
using System.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>A small file of the kernel's: its path as the kernel takes it, and the kind under which its errors are counted.</summary>
internal sealed record KernelFile(string Kind, byte[] Path)
{
    public static KernelFile At(string folder, string name) => new(name, [.. Encoding.UTF8.GetBytes($"{folder}/{name}"), 0]);
}

/// <summary>Reads a file whose path ends in a zero; the bytes read, or the error number negated.</summary>
internal delegate int KernelRead(ReadOnlySpan<byte> path, Span<byte> buffer);

/// <summary>
/// Reads kernel files into one buffer, without allocating and without exceptions, and keeps account of how they answered. One for each GPU: a
/// read that hangs in one driver holds up no other.
/// </summary>
internal sealed class KernelReader(Counter<long> errors, KernelRead? read = null)
{
    private readonly KernelRead _read = read ?? PosixNative.ReadFile;
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Files that answered since <see cref="Begin"/>.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>The last file refused with EPERM since <see cref="Begin"/>: the GPU sleeps, or is being reset. Null when none was.</summary>
    public KernelFile? Refused { get; private set; }

    /// <summary>The last error number since <see cref="Begin"/> that is neither "not there" nor "asleep"; 0 when there was none.</summary>
    public int Failure { get; private set; }

    public void Begin() => (AnswerCount, Refused, Failure) = (0, null, 0);

    /// <summary>The file's bytes, valid until the next read; empty when it is not there or does not answer.</summary>
    public ReadOnlySpan<byte> Read(KernelFile file)
    {
        var length = _read(file.Path, _buffer);
        if (length == -PosixNative.NotPermitted)
            Refused = file;
        return Judge(length, file.Kind);
    }

    /// <summary>The same for a path that ends in a zero.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> path, string kind) => Judge(_read(path, _buffer), kind);

    /// <summary>A whole number within bounds; null when the file does not hold one.</summary>
    public long? Number(KernelFile file, long atLeast, long atMost)
    {
        var text = Trim(Read(file));
        if (text.IsEmpty)
            return null;
        if (Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length && value >= atLeast && value <= atMost)
            return value;
        CountGarbage(file.Kind);
        return null;
    }

    /// <summary>The file's text without the white space around it; null when there is none.</summary>
    public string? Text(KernelFile file)
    {
        var text = Trim(Read(file));
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
    }

    public void CountGarbage(string kind) => errors.Add(1, new KeyValuePair<string, object?>("file", kind));

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\0"u8);

    private ReadOnlySpan<byte> Judge(int result, string kind)
    {
        if (result >= 0)
        {
            AnswerCount++;
            return _buffer.AsSpan(0, result);
        }
        // This kernel, card or process does not have it, or the card sleeps; anything else is an error
        if (-result is not (PosixNative.NoEntry or PosixNative.NotADirectory or PosixNative.NoProcess or PosixNative.InvalidArgument
            or PosixNative.NoData or PosixNative.NotSupported or PosixNative.NotPermitted))
        {
            Failure = -result;
            CountGarbage(kind);
        }
        return [];
    }
}
