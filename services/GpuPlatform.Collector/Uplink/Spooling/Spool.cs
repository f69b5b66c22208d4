using System.Buffers;

namespace GpuPlatform.Collector.Uplink.Spooling;

/// <summary>
/// Messages in files, oldest first. Not thread-safe. A method that throws (the disk is full, read-only, broken) leaves the spool usable,
/// with all that it had accepted.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const int LoadAttempts = 5;
    private const int ProbeBytes = 4096;

    private readonly string _folder;
    private readonly SpoolLimits _limits;
    private readonly Func<string, UplinkRoute?> _routeOf;
    private readonly SegmentWrite _write;
    private readonly FileStream _positionFile;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<SpoolSegment> _segments = [];
    private FileStream? _tail;
    private byte[]? _head;
    private int _headOffset;
    private int _headFailures;
    private long _nextNumber;

    /// <summary>Takes the folder, which is made when it is not there, and reads what an earlier run left in it.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process uses it.</exception>
    public Spool(string folder, SpoolLimits limits, Func<string, UplinkRoute?> routeOf, SegmentWrite? write = null)
    {
        (_folder, _limits, _routeOf) = (folder, limits, routeOf);
        _write = write ?? ((file, bytes, offset) => RandomAccess.Write(file.SafeFileHandle, bytes, offset));
        _positionFile = SpoolFolder.Take(folder);
        try
        {
            Recover(SpoolPosition.ReadFrom(_positionFile));
        }
        catch
        {
            _positionFile.Dispose();
            throw;
        }
    }

    /// <summary>Messages not yet delivered.</summary>
    public int Count { get; private set; }

    /// <summary>Size of the files.</summary>
    public long Bytes { get; private set; }

    /// <summary>What was given up, since this spool was opened.</summary>
    public SpoolLosses Losses { get; private set; }

    /// <summary>
    /// Adds messages behind all others, the oldest making room. For each that is in its file, <paramref name="ends"/> gets the place
    /// behind it, also when the method then throws.
    /// </summary>
    public void Append(IReadOnlyList<UplinkMessage> messages, List<SpoolPosition> ends)
    {
        for (var next = 0; next < messages.Count;)
        {
            _buffer.ResetWrittenCount();
            var used = TailRoomFor(SpoolRecord.SizeOf(messages[next]));
            var sizes = new List<int>();
            for (; next < messages.Count && (sizes.Count == 0 || used + _buffer.WrittenCount + SpoolRecord.SizeOf(messages[next]) <= _limits.SegmentBytes); next++)
            {
                var before = _buffer.WrittenCount;
                SpoolRecord.Write(messages[next], _buffer);
                sizes.Add(_buffer.WrittenCount - before);
            }

            WriteBuffer();
            foreach (var size in sizes)
            {
                used += size;
                ends.Add(new(_segments[^1].Number, used));
            }

            _segments[^1].Count += sizes.Count;
            Count += sizes.Count;
        }
    }

    /// <summary>The oldest messages, and the place behind each; they stay until <see cref="Remove"/>.</summary>
    public void Peek(int maxCount, int maxBytes, List<UplinkMessage> messages, List<SpoolPosition> ends)
    {
        while (messages.Count == 0 && _segments.Count > 0)
        {
            var segment = LoadHead();
            var (offset, bytes) = (_headOffset, 0);
            while (messages.Count < maxCount && bytes < maxBytes && SpoolRecord.Read(_head, ref offset, _routeOf, out var message) is var kind and not RecordKind.End)
            {
                // Anything else was counted as lost when the segment was found
                if (kind != RecordKind.Message) continue;
                messages.Add(message!);
                ends.Add(new(segment.Number, offset));
                bytes += message!.Body.Length;
            }

            if (messages.Count == 0) DropHead();
        }
    }

    /// <summary>Removes delivered messages by the places behind them, as far as they are still there.</summary>
    public void Remove(IEnumerable<SpoolPosition> ends)
    {
        var before = Count;
        foreach (var end in ends)
        {
            // What was pushed out in the meantime is gone already
            while (_segments.Count > 0 && _segments[0].Number < end.Segment) DropHead();
            if (_segments.Count == 0 || _segments[0].Number > end.Segment) continue;
            _headOffset = end.Offset;
            _segments[0].Count--;
            Count--;
        }

        if (_segments.Count == 0 || Count == before) return;
        if (_segments[0].Count == 0) DropHead();
        else new SpoolPosition(_segments[0].Number, _headOffset).WriteTo(_positionFile);
    }

    /// <summary>Throws when nothing can be written, without any message at stake.</summary>
    public void Probe()
    {
        var probe = new SpoolSegment(_folder, _nextNumber++);
        try
        {
            using var file = probe.Create();
            _write(file, new byte[ProbeBytes], 0);
        }
        finally
        {
            probe.Delete();
        }
    }

    /// <summary>Makes what was written safe against a loss of power, as far as the disk keeps its word.</summary>
    public void Flush() => _tail?.Flush(flushToDisk: true);

    public void Dispose()
    {
        _tail?.Dispose();
        _positionFile.Dispose();
    }

    private void Recover(SpoolPosition position)
    {
        foreach (var segment in SpoolSegment.In(_folder))
        {
            _nextNumber = segment.Number + 1;
            var start = segment.Number == position.Segment ? position.Offset : 0;
            if (segment.Number >= position.Segment) Scan(segment, start);
            if (segment.Count == 0)
            {
                segment.Delete();
                continue;
            }

            if (_segments.Count == 0) _headOffset = start;
            _segments.Add(segment);
            (Count, Bytes) = (Count + segment.Count, Bytes + segment.Length);
        }

        // A position may be newer than every segment that the loss of power left: what comes now must not lie before it
        _nextNumber = Math.Max(_nextNumber, position.Segment + 1);
        MakeRoom(0);
    }

    private void Scan(SpoolSegment segment, int offset)
    {
        var bytes = segment.Load(_limits.LargestSegmentBytes);
        segment.Length = bytes.Length;
        while (SpoolRecord.Read(bytes, ref offset, _routeOf, out _) is var kind and not RecordKind.End)
        {
            if (kind == RecordKind.Message) segment.Count++;
            else if (kind == RecordKind.Damaged) Losses = Losses with { Damaged = Losses.Damaged + 1 };
            else Losses = Losses with { UnknownType = Losses.UnknownType + 1 };
        }
    }

    private int TailRoomFor(int size)
    {
        if (_tail is not null && _segments[^1].Length + size > _limits.SegmentBytes) Seal();
        return _tail is null ? 0 : _segments[^1].Length;
    }

    private void WriteBuffer()
    {
        MakeRoom(_buffer.WrittenCount);
        if (_tail is null)
        {
            var created = new SpoolSegment(_folder, _nextNumber++);
            _tail = created.Create();
            _segments.Add(created);
        }

        var segment = _segments[^1];
        try
        {
            _write(_tail, _buffer.WrittenSpan, segment.Length);
        }
        catch
        {
            DiscardHalfWritten(_tail, segment);
            throw;
        }

        segment.Length += _buffer.WrittenCount;
        Bytes += _buffer.WrittenCount;
    }

    private void DiscardHalfWritten(FileStream tail, SpoolSegment segment)
    {
        try
        {
            RandomAccess.SetLength(tail.SafeFileHandle, segment.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A torn end, as a killed process leaves one: nothing is written behind it
            _tail = null;
            tail.Dispose();
        }
    }

    // A segment that is read gets no more records: what was loaded stays all there is
    private SpoolSegment LoadHead()
    {
        if (_segments.Count == 1 && _tail is not null) Seal();
        var segment = _segments[0];
        if (_head is not null) return segment;
        try
        {
            var bytes = segment.Load(_limits.LargestSegmentBytes);
            _head = bytes.Length > segment.Length ? bytes[..segment.Length] : bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException
            || (exception is IOException or UnauthorizedAccessException && ++_headFailures >= LoadAttempts))
        {
            _head = [];
        }

        return segment;
    }

    // The oldest segment has nothing more to give; messages still counted in it turned out to be damaged
    private void DropHead()
    {
        Losses = Losses with { Damaged = Losses.Damaged + _segments[0].Count };
        var segment = ForgetHead();
        new SpoolPosition(segment.Number + 1, 0).WriteTo(_positionFile);
        segment.Delete();
    }

    private void MakeRoom(int bytes)
    {
        while (_segments.Count > 0 && Bytes + bytes > _limits.CapacityBytes)
        {
            _segments[0].Delete();
            Losses = Losses with { PushedOut = Losses.PushedOut + _segments[0].Count };
            ForgetHead();
        }
    }

    private SpoolSegment ForgetHead()
    {
        var segment = _segments[0];
        if (_segments.Count == 1 && _tail is not null)
        {
            _tail.Dispose();
            _tail = null;
        }

        _segments.RemoveAt(0);
        (Count, Bytes) = (Count - segment.Count, Bytes - segment.Length);
        (_head, _headOffset, _headFailures) = (null, 0, 0);
        return segment;
    }

    private void Seal()
    {
        using var tail = _tail!;
        _tail = null;
        tail.Flush(flushToDisk: true);
    }
}
