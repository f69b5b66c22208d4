using GpuPlatform.ServiceDefaults;

namespace GpuPlatform.Tests.ServiceDefaults;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("1.5 gib", 3L << 29)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("0.0000015MB", 2)]
    public void An_amount_is_read_in_any_unit_and_rounded_up(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1GiB")]
    [InlineData("much")]
    [InlineData("1e9")]
    [InlineData("GiB")]
    [InlineData("20 G")]
    [InlineData("99999999GiB")]
    public void Anything_else_is_no_amount(string text) => Assert.Null(ByteSize.Parse(text));
}
