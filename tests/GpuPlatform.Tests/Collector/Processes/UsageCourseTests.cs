using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class UsageCourseTests
{
    private const long MiB = 1 << 20;
    private readonly UsageCourse _course = new();
    private DateTimeOffset _now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Few_readings_are_no_course()
    {
        Read(2, _ => 50);
        Assert.Null(_course.Read());
        Read(1, _ => 50);
        Assert.NotNull(_course.Read());
    }

    [Fact]
    public void Span_mean_busy_share_and_memory_are_those_of_the_readings()
    {
        Read(13, i => i < 3 ? 0 : 50, i => i == 5 ? 900 : 100 + i);
        Assert.Equal(new ProcessCourse
        {
            SpanSeconds = 120, SmMeanPercent = 500d / 13, SmBusyPercent = 1000d / 13,
            MemoryFirstBytes = 100 * MiB, MemoryLastBytes = 112 * MiB, MemoryPeakBytes = 900 * MiB,
        }, _course.Read());
    }

    [Fact]
    public void What_the_driver_does_not_say_stays_unknown()
    {
        Read(13, _ => null, _ => null);
        Assert.Equal(new ProcessCourse { SpanSeconds = 120 }, _course.Read());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(300)]
    public void It_never_reaches_back_further_than_ten_minutes(int secondsBetween)
    {
        Read(2000, _ => 100, secondsBetween: secondsBetween);
        Read(1200 / secondsBetween, _ => 0, secondsBetween: secondsBetween);
        Assert.InRange(_course.Read()!.SpanSeconds, 300, 600);
        Assert.Equal(0, _course.Read()!.SmMeanPercent);
    }

    [Theory]
    [InlineData(0, 0, Load.Quiet)]
    [InlineData(19, 19, Load.Quiet)]
    [InlineData(90, 90, Load.Steady)]
    [InlineData(90, 0, Load.Bursts)]
    public void Its_load_makes_a_picture(double even, double odd, object load)
    {
        Read(5, i => i % 2 == 0 ? even : odd);
        Assert.Equal(default, _course.Picture());
        Read(30, i => i % 2 == 0 ? even : odd);
        Assert.Equal(new CoursePicture((Load)load, IsGrowing: false), _course.Picture());
    }

    [Theory]
    [InlineData(1000, 50, true)]
    [InlineData(1000, 1, false)] // too little
    [InlineData(10_000, 20, false)] // less than a quarter
    [InlineData(3000, -50, false)]
    public void Memory_that_grows_makes_a_picture(long startMiB, long stepMiB, bool grows)
    {
        Read(20, _ => null, i => startMiB + i * stepMiB);
        Assert.Equal(grows, _course.Picture().IsGrowing);
    }

    [Fact]
    public void A_clock_that_is_set_back_begins_it_anew()
    {
        Read(20, _ => 100);
        _now -= TimeSpan.FromHours(1);
        Read(4, _ => 0);
        Assert.Equal((30d, 0d), (_course.Read()!.SpanSeconds, _course.Read()!.SmMeanPercent));
    }

    [Fact]
    public void Readings_cost_no_memory()
    {
        Read(100, _ => 50);
        var reading = new GpuProcessReading(7, GpuContext.Compute, 100 * MiB) { SmPercent = 50 };
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 10_000; i++)
                if (_course.Add(reading, _now += TimeSpan.FromSeconds(1)))
                    _ = _course.Picture();
        }));
    }

    private void Read(int times, Func<int, double?> percent, Func<int, long?>? memoryMiB = null, int secondsBetween = 10)
    {
        for (var i = 0; i < times; i++, _now += TimeSpan.FromSeconds(secondsBetween))
            _course.Add(new GpuProcessReading(7, GpuContext.Compute, (memoryMiB ?? (_ => 100))(i) * MiB) { SmPercent = percent(i) }, _now);
    }
}
