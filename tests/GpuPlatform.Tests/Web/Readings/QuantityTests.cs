using GpuPlatform.Web.Readings;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(null, "—")]
    [InlineData(-1d, "—")]
    [InlineData(0d, "0 MiB")]
    [InlineData(1000d, "< 1 MiB")]
    [InlineData(64d * 1024 * 1024, "64 MiB")]
    [InlineData(9.1 * 1024 * 1024 * 1024, "9.1 GiB")]
    public void Bytes_are_read_in_binary_units(double? bytes, string expected) => Assert.Equal(expected, Quantity.Bytes(bytes));

    [Fact]
    public void Missing_numbers_are_a_dash_and_zero_is_zero()
    {
        Assert.Equal(["—", "—", "—", "0 %"], [Quantity.Percent(null), Quantity.Celsius(double.NaN), Quantity.Watts(double.PositiveInfinity), Quantity.Percent(0)]);
        Assert.Equal("— of 24.0 GiB", Quantity.BytesOf(null, 24 * Quantity.BytesPerGib));
        Assert.Equal("3.0 of 24.0 GiB", Quantity.BytesOf(3 * Quantity.BytesPerGib, 24 * Quantity.BytesPerGib));
    }

    [Theory]
    [InlineData(null, "—")]
    [InlineData(-1d, "—")]
    [InlineData(0d, "0 s")]
    [InlineData(0.3, "< 1 s")]
    [InlineData(59.7, "1 min")]
    [InlineData(65d, "1 min 5 s")]
    [InlineData(3599.7, "1 h")]
    [InlineData(3660d, "1 h 1 min")]
    [InlineData(28 * 3600d, "28 h")]
    [InlineData(50 * 3600d, "2 d 2 h")]
    [InlineData(double.PositiveInfinity, "—")]
    public void A_length_of_time_has_two_units_at_most(double? seconds, string expected) => Assert.Equal(expected, Quantity.Duration(seconds));

    [Theory]
    [InlineData(null, "—")]
    [InlineData(0d, "0.0 Wh")]
    [InlineData(100d, "< 0.1 Wh")]
    [InlineData(360d, "0.1 Wh")]
    [InlineData(72_000d, "20 Wh")]
    [InlineData(4_500_000d, "1.25 kWh")]
    public void Little_energy_is_not_none(double? joules, string expected) => Assert.Equal(expected, Quantity.Energy(joules));

    [Fact]
    public void Share_stays_within_its_bar_and_is_missing_when_a_part_is()
    {
        Assert.Equal(100, Quantity.Share(500, 450));
        Assert.Equal(0, Quantity.Share(-3, 450));
        Assert.Null(Quantity.Share(null, 450));
        Assert.Null(Quantity.Share(300, null));
        Assert.Null(Quantity.Share(300, 0));
    }

    [Fact]
    public void A_number_stays_on_the_line_of_its_unit() =>
        Assert.Equal("RTX 4090 is busy at 87\u00a0%, 71\u00a0°C: game holds 9.0\u00a0GiB", Quantity.Unbroken("RTX 4090 is busy at 87 %, 71 °C: game holds 9.0 GiB"));
}
