using GpuPlatform.Web.Readings;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class AgeTests
{
    [Theory]
    [InlineData(-60, "just now")]
    [InlineData(4, "just now")]
    [InlineData(42, "42 s")]
    [InlineData(119, "1 min")]
    [InlineData(3600, "1 h")]
    [InlineData(2 * 3600 + 14 * 60, "2 h 14 min")]
    [InlineData(49 * 3600, "2 d 1 h")]
    public void Age_has_at_most_two_units(int seconds, string expected) =>
        Assert.Equal(expected, Age.Of(Snapshots.Noon.AddSeconds(-seconds), Snapshots.Noon));

    [Fact]
    public void Exact_time_is_utc() =>
        Assert.Equal("2026-11-21 10:00:00 UTC", Age.Exact(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.FromHours(2))));
}
