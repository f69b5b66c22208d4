using GpuPlatform.History.Storage;

namespace GpuPlatform.Tests.History;

public sealed class UsageStagingTests
{
    [Theory]
    [InlineData("09:05:00", true)] // the list before may be of 09:00, and one that follows it of 08:59:59
    [InlineData("09:05:00.001", false)]
    [InlineData("09:30:00", false)]
    [InlineData("09:54:59.999", false)]
    [InlineData("09:55:00", true)]
    [InlineData("09:00:00", true)]
    public void Time_is_looked_at_for_a_full_hour_only_where_one_can_be_between_two_lists(string time, bool divides)
    {
        var instant = DateTimeOffset.Parse($"2026-11-21T{time}+05:00", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(divides, UsageStaging.StatementsAt(instant)[^1].Contains("is_divided", StringComparison.Ordinal));
    }
}
