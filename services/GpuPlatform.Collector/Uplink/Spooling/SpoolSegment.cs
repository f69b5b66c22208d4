using System.Globalization;

namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>Writes to a file. The seam at which tests put a disk that is full.</summary>
internal delegate void SegmentWrite(FileStream file, ReadOnlySpan<byte> bytes, long offset);

/// <summary>One file of the spool. It is written by one run only and deleted when nothing in it is of use any more.</summary>
internal sealed class SpoolSegment(string folder, long number)
{
    private const string Extension = ".segment";

    public long Number => number;

    public string Path { get; } = PathOf(folder, number);

    /// <summary>Bytes of whole records; what the file holds beyond them is the rest of a write that failed.</summary>
    public int Length { get; set; }

    /// <summary>Messages in it that were not delivered yet.</summary>
    public int Count { get; set; }

    /// <summary>The segments of a folder, oldest first. Files of any other name are nobody's business.</summary>
    public static List<SpoolSegment> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(path => long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number < long.MaxValue && path == PathOf(folder, number) ? number : -1)
            .Where(number => number >= 0)
            .Order()
            .Select(number => new SpoolSegment(folder, number))];

    private static string PathOf(string folder, long number) =>
        System.IO.Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    public FileStream Create() => new(Path, OwnerOnly(new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete }));

    public byte[] Load(int largestBytes)
    {
        using var file = File.OpenHandle(Path, options: FileOptions.SequentialScan);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), largestBytes)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var more and > 0) read += more;
        return read == bytes.Length ? bytes : bytes[..read];
    }

    public void Delete() => File.Delete(Path);

    /// <summary>What is measured on a host is for its owner's eyes.</summary>
    public static FileStreamOptions OwnerOnly(FileStreamOptions options)
    {
        options.BufferSize = 0;
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
