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
    public void Exact_time_is_utc_while_the_zone_is_not_known() =>
        Assert.Equal("2026-11-21 10:00:00 UTC", Age.Exact(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.FromHours(2)), zone: null));

    [Theory]
    [InlineData(11, "2026-11-21 07:00:00 UTC-05:00")]
    [InlineData(7, "2026-07-21 08:00:00 UTC-04:00")]
    public void Exact_time_is_the_readers_with_its_distance_from_utc(int month, string expected) =>
        Assert.Equal(expected, Age.Exact(new DateTimeOffset(2026, month, 21, 12, 0, 0, TimeSpan.Zero), BrowserZone.Find("America/New_York")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Nowhere/At all")]
    [InlineData("../../etc/passwd")]
    public void A_zone_nobody_knows_is_none(string? name) => Assert.Null(BrowserZone.Find(name));
}
