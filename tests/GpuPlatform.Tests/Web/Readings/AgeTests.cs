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
    [InlineData("2026-11-21T11:05:00Z", "06:05")]
    [InlineData("2026-11-21T04:30:00Z", "Fri 20 Nov 23:30")]
    [InlineData("2025-12-31T12:00:00Z", "2025-12-31 07:00")]
    public void A_moment_has_its_date_when_it_is_not_of_the_readers_day(string at, string expected) =>
        Assert.Equal(expected, Age.Moment(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), Snapshots.Noon, BrowserZone.Find("America/New_York")));

    [Fact]
    public void A_moment_says_utc_while_the_zone_is_not_known() => Assert.Equal("11:05 UTC", Age.Moment(Snapshots.Noon.AddMinutes(-55), Snapshots.Noon, zone: null));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Nowhere/At all")]
    [InlineData("../../etc/passwd")]
    public void A_zone_nobody_knows_is_none(string? name) => Assert.Null(BrowserZone.Find(name));
}
