using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Tests.Collector.Uplink.Spooling;

public sealed class SpoolTests : IDisposable
{
    private readonly SpoolFiles _files = new();

    [Fact]
    public void Messages_come_back_as_they_were_and_in_order_over_many_runs()
    {
        var sent = Enumerable.Range(0, 3).Select(number => SpoolFiles.Message(number)).ToList();
        using (var spool = _files.Open()) spool.Append(sent, []);
        _files.Write(3, 4);
        _files.Write(5);

        using var last = _files.Open();
        var messages = new List<UplinkMessage>();
        last.Peek(3, int.MaxValue, messages, []);
        Assert.Equal(6, last.Count);
        Assert.Equal(sent.Select(Text), messages.Select(Text));
        Assert.Equal([0, 1, 2, 3, 4, 5], SpoolFiles.Drain(last));
        Assert.Empty(_files.Segments);
        Assert.Equal((0, 0, 0), (last.Count, last.Bytes, last.Losses.Total));
    }

    [Fact]
    public void What_was_delivered_does_not_come_again_in_the_next_run()
    {
        using (var spool = _files.Open())
        {
            SpoolFiles.Append(spool, 0, 1, 2, 3);
            var ends = new List<SpoolPosition>();
            SpoolFiles.Peek(spool, 3, ends);
            spool.Remove(ends.Take(2));
        }

        Assert.Equal([2, 3], _files.ReadAll());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(16)]
    public void A_damaged_position_delivers_again_rather_than_too_little(int length)
    {
        using (var spool = _files.Open())
        {
            SpoolFiles.Append(spool, 0, 1, 2);
            var ends = new List<SpoolPosition>();
            SpoolFiles.Peek(spool, 1, ends);
            spool.Remove(ends);
        }

        File.WriteAllBytes(Path.Combine(_files.Folder, "position"), [.. Enumerable.Repeat((byte)0xA5, length)]);

        Assert.Equal([0, 1, 2], _files.ReadAll());
    }

    [Fact]
    public void What_comes_after_a_power_cut_that_took_the_segments_is_not_taken_for_delivered()
    {
        using (var spool = _files.Open())
        {
            for (var run = 0; run < 3; run++)
            {
                SpoolFiles.Append(spool, 0, 1);
                Assert.Equal([0, 1], SpoolFiles.Drain(spool));
            }
        }

        Assert.Empty(_files.Segments);
        _files.Write(7);
        Assert.Equal([7], _files.ReadAll());
    }

    [Fact]
    public void Segments_are_bounded_and_the_oldest_makes_room()
    {
        using var spool = _files.Open(new(CapacityBytes: 4_000, SegmentBytes: 1_000));
        for (var number = 0; number < 100; number++) SpoolFiles.Append(spool, number);

        Assert.InRange(spool.Bytes, 2_000, 4_000);
        Assert.Equal(spool.Bytes, _files.Segments.Sum(path => new FileInfo(path).Length));
        Assert.All(_files.Segments, path => Assert.InRange(new FileInfo(path).Length, 1, 1_000));
        Assert.Equal(100, spool.Count + spool.Losses.PushedOut);
        Assert.Equal(Enumerable.Range((int)spool.Losses.PushedOut, spool.Count), SpoolFiles.Drain(spool));
    }

    [Fact]
    public void What_was_pushed_out_while_it_was_sent_takes_no_other_with_it()
    {
        using var spool = _files.Open(new(CapacityBytes: 2_000, SegmentBytes: 500));
        SpoolFiles.Append(spool, 0, 1);
        var ends = new List<SpoolPosition>();
        SpoolFiles.Peek(spool, 2, ends);
        for (var number = 2; number < 100; number++) SpoolFiles.Append(spool, number);
        var waiting = spool.Count;
        spool.Remove(ends);

        Assert.Equal(waiting, spool.Count);
        Assert.Equal(Enumerable.Range(100 - waiting, waiting), SpoolFiles.Drain(spool));
    }

    [Fact]
    public void A_smaller_bound_is_kept_from_the_start_on()
    {
        _files.Write(0);
        _files.Write(1);
        _files.Write(2);
        using var spool = _files.Open(new(CapacityBytes: 300, SegmentBytes: 300));

        Assert.Equal([1, 2], SpoolFiles.Drain(spool));
        Assert.Equal(1, spool.Losses.PushedOut);
    }

    [Fact]
    public void A_message_larger_than_a_segment_has_one_of_its_own()
    {
        using var spool = _files.Open(new(CapacityBytes: 10_000, SegmentBytes: 200));
        var large = SpoolFiles.Message(1) with { Body = new byte[3_000] };
        spool.Append([SpoolFiles.Message(0), large, SpoolFiles.Message(2)], []);
        Assert.Equal(3, _files.Segments.Length);
        var ends = new List<SpoolPosition>();
        Assert.Equal([0], SpoolFiles.Peek(spool, 9, ends));
        spool.Remove(ends);
        var messages = new List<UplinkMessage>();
        spool.Peek(9, int.MaxValue, messages, []);

        Assert.Equal(3_000, messages.Single().Body.Length);
    }

    [Fact]
    public void Messages_of_a_type_nobody_sends_any_more_are_dropped_and_counted()
    {
        using (var other = _files.Open()) other.Append([SpoolFiles.Message(0), SpoolFiles.Message(1, new("old", "urn:message:Old", [])), SpoolFiles.Message(2)], []);
        using var spool = _files.Open();

        Assert.Equal(2, spool.Count);
        Assert.Equal([0, 2], SpoolFiles.Drain(spool));
        Assert.Equal(new SpoolLosses(0, 0, UnknownType: 1), spool.Losses);
    }

    [Fact]
    public void One_folder_has_one_owner()
    {
        using (_files.Open())
        {
            var refusal = Assert.Throws<IOException>(() => _files.Open());
            Assert.Contains("another collector uses", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Uplink:SpoolPath", refusal.Message, StringComparison.Ordinal);
        }

        _files.Open().Dispose();
    }

    [Fact]
    public void Nobody_else_may_read_it()
    {
        _files.Write(0);
        if (OperatingSystem.IsWindows()) return;

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(_files.Folder));
        foreach (var path in Directory.GetFiles(_files.Folder)) Assert.Equal(owner, File.GetUnixFileMode(path));
    }

    public void Dispose() => _files.Dispose();

    private static string Text(UplinkMessage message) =>
        $"{message.Id} {message.Route.Urn} {message.TraceParent} {Convert.ToHexString(message.Body.Span)}";
}
