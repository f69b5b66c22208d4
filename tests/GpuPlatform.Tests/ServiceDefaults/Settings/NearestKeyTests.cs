using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class NearestKeyTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    internal void Slips_count_changed_missing_additional_and_swapped_letters(string one, string other, int expected)
    {
        Assert.Equal(expected, NearestKey.Slips(one, other));
        Assert.Equal(expected, NearestKey.Slips(other, one));
    }

    [Theory]
    [InlineData("Pace:Intervall", "Pace:Interval")]
    [InlineData("pace:intrvl", "Pace:Interval")]
    [InlineData("Pace.Count", "Pace:Count")]
    [InlineData("Other:Seed", "Pace:Deep:Seed")]
    [InlineData("Pace:Seed", "Pace:Deep:Seed")]
    [InlineData("Kestrl:Endpoints:Http:Url", "Kestrel:Endpoints:Http:Url")]
    [InlineData("Entirely:Different", null)]
    [InlineData("", null)]
    internal void The_nearest_name_is_found_or_none(string written, string? expected) =>
        Assert.Equal(expected, NearestKey.Find(written, SettingsFixture.Catalog));
}
