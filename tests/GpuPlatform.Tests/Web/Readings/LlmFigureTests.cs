using GpuPlatform.Web.Readings;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class LlmFigureTests
{
    [Fact]
    public void What_is_missing_is_a_dash_and_never_zero()
    {
        Assert.All(
            [LlmFigure.Count(null), LlmFigure.Tokens(null, estimated: true), LlmFigure.Milliseconds(null), LlmFigure.PerSecond(null), LlmFigure.Joules(null),
             LlmFigure.Milliseconds(double.NaN), LlmFigure.PerSecond(double.PositiveInfinity), LlmFigure.Joules(-1)],
            text => Assert.Equal("—", text));
        Assert.Equal(("0", "0 ms", "0.0 tok/s", "0.00 J"), (LlmFigure.Count(0), LlmFigure.Milliseconds(0), LlmFigure.PerSecond(0), LlmFigure.Joules(0)));
    }

    [Fact]
    public void A_count_of_pieces_is_marked()
    {
        Assert.Equal(("≈ 1,234", "1,234"), (LlmFigure.Tokens(1234, estimated: true), LlmFigure.Tokens(1234, estimated: false)));
    }

    [Theory]
    [InlineData(0.42, "0.42 ms")]
    [InlineData(340.4, "340 ms")]
    [InlineData(2410, "2.41 s")]
    [InlineData(59_300, "59.3 s")]
    [InlineData(185_000, "3 min 5 s")]
    public void A_duration_has_the_unit_that_suits(double milliseconds, string text) => Assert.Equal(text, LlmFigure.Milliseconds(milliseconds));

    [Theory]
    [InlineData(999_999, "999,999")]
    [InlineData(1_234_567, "1.23 M")]
    [InlineData(12_345_678_901, "12.35 G")]
    public void Large_counts_are_shortened(long value, string text) => Assert.Equal(text, LlmFigure.Short(value));

    [Theory]
    [InlineData(812, "812 B")]
    [InlineData(1400, "1.4 kB")]
    [InlineData(5_242_880, "5 MiB")]
    public void Bytes_may_be_few(long value, string text) => Assert.Equal(text, LlmFigure.Bytes(value));
}
