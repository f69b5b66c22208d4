using System.Text;
using GpuPlatform.Collector.Drm;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class FdinfoTests
{
    private const ulong Second = 1_000_000_000;

    [Theory]
    [InlineData("drm-resident-vram:\t12 KiB", 12 * 1024L)]
    [InlineData("drm-resident-vram:\t12 MiB", 12L << 20)]
    [InlineData("drm-resident-vram0:12", 12L)]
    [InlineData("drm-resident-local0: \t12\t", 12L)]
    [InlineData("drm-memory-vram:\t0", 0L)]
    [InlineData("drm-memory-vram:\t12 KB", null)]
    [InlineData("drm-memory-vram:\t-12 KiB", null)]
    [InlineData("drm-memory-vram:\t1.5 MiB", null)]
    [InlineData("drm-memory-vram:\t9223372036854775807 KiB", null)]
    [InlineData("drm-memory-vram:\t99999999999999999999999999", null)]
    [InlineData("drm-memory-vram:\t", null)]
    [InlineData("drm-memory-:\t12", null)]
    [InlineData("drm-memory-gtt:\t12", null)]
    public void Memory_of_the_card_in_bytes(string line, long? bytes)
    {
        Assert.True(Fdinfo.TryParse(Encoding.UTF8.GetBytes("drm-driver:\tx\n" + line), out var info));
        Assert.Equal(bytes, info.LocalBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pos:\t0\nflags:\t0100000\nmnt_id:\t15\n")]
    [InlineData("drm-driver")]
    [InlineData("drm-driver:\n")]
    public void Files_of_others_are_no_clients(string text) => Assert.False(Fdinfo.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Sums_that_no_number_holds_stay_the_largest()
    {
        var line = $"drm-resident-vram:\t{long.MaxValue >> 4}\n";
        Assert.True(Fdinfo.TryParse(Encoding.UTF8.GetBytes("drm-driver:\tx\n" + string.Concat(Enumerable.Repeat(line, 40))), out var info));
        Assert.Equal(long.MaxValue, info.LocalBytes);
    }

    [Fact]
    public void Whatever_a_driver_writes_it_is_read_without_a_fault()
    {
        var random = new Random(20260115);
        var seeds = new[]
        {
            "drm-driver:\tamdgpu\ndrm-client-id:\t39\ndrm-pdev:\t0000:03:00.0\npasid:\t32789\ndrm-memory-vram:\t152 KiB\ndrm-engine-gfx:\t1234 ns\n",
            "drm-driver:\txe\ndrm-client-id:\t3\ndrm-cycles-rcs:\t28257900\ndrm-total-cycles-rcs:\t7655183225\ndrm-engine-capacity-vcs:\t2\n",
            "pdev:\t0000:03:00.0\npasid:\t32770\nvram mem:\t154324 kB\ngfx0:\t0.12%\n",
        };
        var meter = new EngineMeter(TimeProvider.System);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Mutate(Encoding.UTF8.GetBytes(seeds[i % seeds.Length]), random);
            if (!Fdinfo.TryParse(bytes, out var info))
                continue;
            Assert.True(info.LocalBytes is null or >= 0 && info.SystemBytes is null or >= 0);
            meter.Begin();
            if (meter.Measure(new ClientKey((ulong)(i % seeds.Length), 0), info) is { } shares)
                Assert.InRange(shares.BusiestPercent, 0, 100);
            meter.End();
        }
    }

    [Fact]
    public void A_time_that_goes_back_waits_at_the_larger_one_but_not_for_ever()
    {
        var clock = new Doubles.ManualTimeProvider();
        var meter = new EngineMeter(clock);
        Assert.Null(Measure(meter, clock, 100 * Second));
        Assert.Equal(50, Measure(meter, clock, 101 * Second));
        Assert.Equal(0, Measure(meter, clock, 90 * Second));
        // 101.5 s, not 11.5 s more than the last
        Assert.Equal(25, Measure(meter, clock, 101 * Second + Second / 2));
        for (var i = 0; i < 5; i++)
            Assert.Equal(0, Measure(meter, clock, Second));
        Assert.Null(Measure(meter, clock, Second));
        Assert.Null(Measure(meter, clock, Second));
        Assert.Equal(100, Measure(meter, clock, 3 * Second));
    }

    [Fact]
    public void A_time_that_jumps_further_than_time_can_is_not_believed()
    {
        var clock = new Doubles.ManualTimeProvider();
        var meter = new EngineMeter(clock);
        Measure(meter, clock, Second);
        Assert.Null(Measure(meter, clock, ulong.MaxValue));
        Assert.Null(Measure(meter, clock, 2 * Second));
        Assert.Equal(50, Measure(meter, clock, 3 * Second));
    }

    [Fact]
    public void Two_looks_at_one_instant_have_no_share_and_spoil_none()
    {
        var clock = new Doubles.ManualTimeProvider();
        var meter = new EngineMeter(clock);
        Measure(meter, clock, Second);
        Assert.Null(Measure(meter, clock, Second + 5, TimeSpan.FromTicks(10)));
        Assert.Equal(50, Math.Round(Measure(meter, clock, 2 * Second)!.Value, 2));
    }

    [Fact]
    public void A_client_that_went_and_came_is_a_new_one()
    {
        var clock = new Doubles.ManualTimeProvider();
        var meter = new EngineMeter(clock);
        Measure(meter, clock, Second);
        meter.Begin();
        meter.End();
        Assert.Null(Measure(meter, clock, 2 * Second));
    }

    private static double? Measure(EngineMeter meter, Doubles.ManualTimeProvider clock, ulong nanoseconds, TimeSpan? after = null)
    {
        clock.Advance(after ?? TimeSpan.FromSeconds(2));
        Assert.True(Fdinfo.TryParse(Encoding.UTF8.GetBytes($"drm-driver:\ti915\ndrm-engine-render:\t{nanoseconds} ns\n"), out var info));
        meter.Begin();
        var shares = meter.Measure(new ClientKey(1, 0), info);
        meter.End();
        return shares?.SmPercent;
    }

    private static byte[] Mutate(byte[] text, Random random)
    {
        for (var i = random.Next(8); i > 0; i--)
            switch (random.Next(4))
            {
                case 0:
                    text[random.Next(text.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    text[random.Next(text.Length)] = (byte)"0123456789:-\n\t %"[random.Next(16)];
                    break;
                case 2:
                    text = text[..random.Next(1, text.Length + 1)];
                    break;
                default:
                    text = [.. text, .. text.AsSpan(random.Next(text.Length))];
                    break;
            }
        return text;
    }
}
