using GpuPlatform.Collector.Guard.GameMode;

namespace GpuPlatform.Tests.Collector.Guard.GameMode;

public sealed class BusFormatTests
{
    private static readonly BusMessage Message = new()
    {
        Type = BusMessageType.Return, Serial = 7, ReplyTo = 5, Destination = ":1.4", Signature = "a(io)", Body = GameModeDouble.Games(4711, 4712),
    };

    [Fact]
    public void What_is_written_is_read()
    {
        var bytes = BusFormat.Write(Message);
        var read = BusFormat.Read(bytes);

        Assert.Equal(bytes.Length, BusFormat.Length(bytes));
        Assert.Equal(Message with { Body = read.Body }, read);
        Assert.Equal([4711, 4712], GameModeWatch.ReadList(read));
    }

    [Fact]
    public void A_message_cut_or_bent_anywhere_is_refused_not_believed()
    {
        var good = BusFormat.Write(Message);
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bad = (byte[])good.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (i % 2 == 0)
                bad = bad[..random.Next(BusFormat.FixedBytes, bad.Length)];
            try
            {
                if (BusFormat.Length(bad) == bad.Length)
                    Assert.InRange(GameModeWatch.ReadList(BusFormat.Read(bad)).Count, 0, 256);
            }
            catch (InvalidDataException)
            {
                // As it should be
            }
        }
    }

    [Theory]
    [InlineData("unix:path=/run/user/1000/bus,guid=0123", "/run/user/1000/bus")]
    [InlineData("tcp:host=10.0.0.1,port=4; unix:path=/tmp/a%20b", "/tmp/a b")]
    [InlineData("unix:abstract=/tmp/dbus-x", "@/tmp/dbus-x")]
    internal void Addresses_are_read_as_the_environment_writes_them(string address, string expected)
    {
        Assert.Equal(expected, Assert.Single(SessionBus.Candidates(address, userId: 4294967294)).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("autolaunch:")]
    [InlineData("unix:path=")]
    internal void An_address_that_is_none_leaves_nothing_to_try(string? address)
    {
        Assert.Empty(SessionBus.Candidates(address, userId: 4294967294));
    }
}
