using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Uplink.Spooling;

/// <summary>A spool's folder that outlives the spools which are opened on it. Messages are known by a number.</summary>
internal sealed class SpoolFiles : IDisposable
{
    public static readonly UplinkRoute Route = new("exchange", "urn:message:Known", ["queue"]);

    private readonly TemporaryTree _tree = new();

    public string Folder => Path.Combine(_tree.Root, "spool-desk");

    public string[] Segments => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.segment").Order()] : [];

    public Spool Open(SpoolLimits? limits = null, SegmentWrite? write = null) =>
        new(Folder, limits ?? SpoolLimits.For(16 << 20), urn => urn == Route.Urn ? Route : null, write);

    /// <summary>Ends as if the process had been killed: nothing is flushed, only the files are let go.</summary>
    public void Write(params int[] numbers)
    {
        using var spool = Open();
        Append(spool, numbers);
    }

    public List<int> ReadAll()
    {
        using var spool = Open();
        return Drain(spool);
    }

    public static List<SpoolPosition> Append(Spool spool, params int[] numbers)
    {
        var ends = new List<SpoolPosition>();
        spool.Append([.. numbers.Select(number => Message(number))], ends);
        return ends;
    }

    public static List<int> Peek(Spool spool, int count, List<SpoolPosition>? ends = null)
    {
        var messages = new List<UplinkMessage>();
        spool.Peek(count, int.MaxValue, messages, ends ?? []);
        return [.. messages.Select(NumberOf)];
    }

    public static List<int> Drain(Spool spool)
    {
        var all = new List<int>();
        while (spool.Count > 0)
        {
            var ends = new List<SpoolPosition>();
            all.AddRange(Peek(spool, 3, ends));
            spool.Remove(ends);
        }

        return all;
    }

    public static UplinkMessage Message(int number, UplinkRoute? route = null, long handedOverAt = 0) =>
        new(Guid.CreateVersion7(), route ?? Route, BitConverter.GetBytes(number), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", handedOverAt);

    public static int NumberOf(UplinkMessage message) => BitConverter.ToInt32(message.Body.Span);

    public void Dispose() => _tree.Dispose();
}

/// <summary>A disk that takes so many bytes, and of the write that goes beyond them the part that fits.</summary>
internal sealed class SmallDisk
{
    public long FreeBytes { get; set; }

    public void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset)
    {
        var fits = (int)Math.Min(bytes.Length, FreeBytes);
        RandomAccess.Write(file.SafeFileHandle, bytes[..fits], offset);
        if (fits < bytes.Length) throw new IOException("No space left on device");
        FreeBytes -= fits;
    }
}
