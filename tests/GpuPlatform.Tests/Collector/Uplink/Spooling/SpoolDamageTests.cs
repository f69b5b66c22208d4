using System.Buffers;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Tests.Collector.Uplink.Spooling;

/// <summary>What a killed process, a lost power supply, a bad disk and a curious person leave behind.</summary>
public sealed class SpoolDamageTests : IDisposable
{
    private readonly SpoolFiles _files = new();

    [Fact]
    public void A_segment_torn_at_any_byte_gives_what_is_whole_and_takes_what_comes()
    {
        _files.Write(0, 1, 2);
        var whole = File.ReadAllBytes(_files.Segments.Single());
        var size = whole.Length / 3;
        for (var length = 0; length <= whole.Length; length++)
        {
            using var torn = new SpoolFiles();
            Directory.CreateDirectory(torn.Folder);
            File.WriteAllBytes(Path.Combine(torn.Folder, Path.GetFileName(_files.Segments.Single())), whole[..length]);
            torn.Write(9);
            using var spool = torn.Open();

            Assert.Equal([.. Enumerable.Range(0, length / size), 9], SpoolFiles.Drain(spool));
            Assert.Empty(torn.Segments);
        }
    }

    [Fact]
    public void Any_flipped_bit_costs_one_message_and_invents_none()
    {
        var segment = Bytes(0, 1, 2);
        var size = segment.Length / 3;
        for (var bit = 0; bit < segment.Length * 8; bit++)
        {
            var damaged = (byte[])segment.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Equal(((int[])[0, 1, 2]).Where(number => number != bit / 8 / size), Read(damaged, out var damages));
            Assert.Equal(1, damages);
        }
    }

    [Fact]
    public void Bytes_of_chance_are_no_messages()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(40, 2_000)];
            random.NextBytes(bytes);
            // Looks like the beginning of a record, of whatever length
            if (round % 2 == 0) Bytes(0).AsSpan(0, 4).CopyTo(bytes.AsSpan(random.Next(bytes.Length - 4)));

            Assert.Empty(Read(bytes, out _));
            Assert.Equal([0, 1], Read([.. bytes, .. Bytes(0), .. bytes, .. Bytes(1), .. bytes], out _));
        }
    }

    [Fact]
    public void A_folder_full_of_other_things_is_no_obstacle()
    {
        _files.Write(1);
        File.WriteAllText(Path.Combine(_files.Folder, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(_files.Folder, "1.segment"), "mine");
        File.WriteAllText(Path.Combine(_files.Folder, "first.segment"), "mine");
        File.WriteAllText(Path.Combine(_files.Folder, "999999999999999999999999.segment"), "mine");
        Directory.CreateDirectory(Path.Combine(_files.Folder, "000000000009.segment"));
        File.WriteAllBytes(Path.Combine(_files.Folder, "000000000005.segment"), []);
        File.WriteAllText(Path.Combine(_files.Folder, "000000000006.segment"), "no message");
        _files.Write(2);

        using var spool = _files.Open();
        Assert.Equal([1, 2], SpoolFiles.Drain(spool));
        Assert.Equal(4, Directory.GetFiles(_files.Folder).Length - 1);
    }

    [Fact]
    public void A_segment_that_somebody_took_away_is_counted_and_the_next_one_delivered()
    {
        _files.Write(0, 1);
        _files.Write(2);
        using var spool = _files.Open();
        File.Delete(_files.Segments[0]);

        Assert.Equal([2], SpoolFiles.Drain(spool));
        Assert.Equal(2, spool.Losses.Damaged);
    }

    [Fact]
    public void Damage_that_came_while_it_waited_is_counted()
    {
        _files.Write(0, 1, 2);
        using var spool = _files.Open();
        var bytes = File.ReadAllBytes(_files.Segments[0]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_files.Segments[0], bytes);

        Assert.Equal([0, 2], SpoolFiles.Drain(spool));
        Assert.Equal((0, 1), (spool.Count, spool.Losses.Damaged));
    }

    [Fact]
    public void A_full_disk_keeps_what_it_had_and_goes_on_when_there_is_room()
    {
        var disk = new SmallDisk { FreeBytes = 150 };
        using (var spool = _files.Open(write: disk.Write))
        {
            SpoolFiles.Append(spool, 0);
            Assert.Throws<IOException>(() => SpoolFiles.Append(spool, 1, 2));
            Assert.Throws<IOException>(spool.Probe);
            Assert.Equal(1, spool.Count);
            disk.FreeBytes = 1_000_000;
            spool.Probe();
            SpoolFiles.Append(spool, 1, 2);
        }

        Assert.Single(_files.Segments);
        using var next = _files.Open();
        Assert.Equal([0, 1, 2], SpoolFiles.Drain(next));
        Assert.Equal(0, next.Losses.Total);
    }

    [Fact]
    public void Of_many_messages_those_are_on_disk_that_it_says_are()
    {
        var disk = new SmallDisk { FreeBytes = 1_000 };
        using (var spool = _files.Open(new(CapacityBytes: 10_000, SegmentBytes: 400), disk.Write))
        {
            var ends = new List<SpoolPosition>();
            Assert.Throws<IOException>(() => spool.Append([.. Enumerable.Range(0, 20).Select(number => SpoolFiles.Message(number))], ends));
            Assert.InRange(ends.Count, 1, 19);
            Assert.Equal(ends.Count, spool.Count);
        }

        var kept = _files.ReadAll();
        Assert.Equal(Enumerable.Range(0, kept.Count), kept);
    }

    public void Dispose() => _files.Dispose();

    private static byte[] Bytes(params int[] numbers)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var number in numbers) SpoolRecord.Write(SpoolFiles.Message(number), writer);
        return writer.WrittenSpan.ToArray();
    }

    private static List<int> Read(byte[] segment, out int damages)
    {
        var (offset, numbers) = (0, new List<int>());
        damages = 0;
        while (SpoolRecord.Read(segment, ref offset, _ => SpoolFiles.Route, out var message) is var kind and not RecordKind.End)
        {
            if (kind == RecordKind.Damaged) damages++;
            else numbers.Add(SpoolFiles.NumberOf(message!));
        }

        return numbers;
    }
}
