using GpuPlatform.Web.Feed;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class HistoryOptionsTests
{
    private readonly HistoryOptionsValidator _validator = new();

    [Theory]
    [InlineData("http://history")]
    [InlineData("https://gpu.example:8443")]
    public void Absolute_web_addresses_are_taken(string address) =>
        Assert.True(_validator.Validate(null, new HistoryOptions { BaseAddress = address }).Succeeded);

    [Theory]
    [InlineData("")]
    [InlineData("history")]
    [InlineData("/api")]
    [InlineData("ftp://history")]
    public void Anything_else_is_refused_naming_the_key(string address) =>
        Assert.Contains("History:BaseAddress", _validator.Validate(null, new HistoryOptions { BaseAddress = address }).FailureMessage);
}
