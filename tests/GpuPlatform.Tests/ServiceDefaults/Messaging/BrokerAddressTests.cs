using GpuPlatform.ServiceDefaults.Messaging;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.Tests.ServiceDefaults.Messaging;

public sealed class BrokerAddressTests
{
    private static Uri Read(string? text) => BrokerAddress.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:messaging", text)]).Build());

    [Theory]
    [InlineData("amqp://guest:secret@localhost:5672")]
    [InlineData("amqps://rack/host")]
    public void An_amqp_address_is_taken_as_it_is(string text) => Assert.Equal(new Uri(text), Read(text));

    [Theory]
    [InlineData(null, "ConnectionStrings:messaging is missing")]
    [InlineData("", "ConnectionStrings:messaging is missing")]
    [InlineData("http://guest:secret@localhost", "ConnectionStrings:messaging is not a broker address")]
    [InlineData("guest:secret@localhost", "ConnectionStrings:messaging is not a broker address")]
    public void What_is_none_is_refused_by_its_key_and_without_its_password(string? text, string expected)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => Read(text)).Message;

        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }
}
