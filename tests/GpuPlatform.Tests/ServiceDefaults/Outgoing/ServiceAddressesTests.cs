using GpuPlatform.ServiceDefaults.Outgoing;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.Tests.ServiceDefaults.Outgoing;

public sealed class ServiceAddressesTests
{
    [Theory]
    [InlineData("http://history/api/historical?hours=1&x=a%2Fb", "http://localhost:5102/api/historical?hours=1&x=a%2Fb")]
    [InlineData("https+http://history/api", "https://localhost:7102/api")]
    [InlineData("http+https://history/api", "http://localhost:5102/api")]
    [InlineData("https+http://collector", "http://127.0.0.1:5101/")]
    [InlineData("http://archive/day", "http://store:9000/base/day")]
    internal void A_name_becomes_its_configured_address(string requested, string expected)
    {
        using var addresses = Addresses(
            new("services:history:http:0", "http://localhost:5102"), new("services:history:https:0", "https://localhost:7102/"),
            new("services:collector:http:0", "127.0.0.1:5101"), new("services:archive:default:0", "http://store:9000/base/"));

        Assert.Equal(expected, addresses.Resolve(new Uri(requested))?.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://history:8080/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://unknown.example/")]
    [InlineData("http://bare/")]
    internal void Other_addresses_are_left_alone(string requested)
    {
        using var addresses = Addresses(new KeyValuePair<string, string?>("services:history:http:0", "http://localhost:5102"));

        Assert.Null(addresses.Resolve(new Uri(requested)));
    }

    [Fact]
    public void Several_addresses_take_turns()
    {
        using var addresses = Addresses(new("services:history:http:0", "http://a:1"), new("services:history:http:1", "http://b:2"));

        Assert.Equal(["a", "b", "a"], Enumerable.Range(0, 3).Select(_ => addresses.Resolve(new Uri("http://history/"))!.Host));
    }

    [Fact]
    public void A_change_of_the_configuration_is_followed()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("services:history:http:0", "http://a:1")]).Build();
        using var addresses = new ServiceAddresses(configuration);
        Assert.Equal("a", addresses.Resolve(new Uri("http://history/"))!.Host);

        configuration["services:history:http:0"] = "http://b:1";
        configuration.Reload();
        Assert.Equal("b", addresses.Resolve(new Uri("http://history/"))!.Host);
    }

    [Theory]
    [InlineData("https+http://unknown/", "services:unknown:http:0")]
    [InlineData("https://history/", "services:history:https:0")]
    [InlineData("http://broken/", "services:broken:http:0")]
    [InlineData("http://strange/", "services:strange:http:0")]
    internal void An_error_names_the_key(string requested, string key)
    {
        using var addresses = Addresses(
            new("services:history:http:0", "http://localhost:5102"), new("services:broken:http:0", ""), new("services:strange:http:0", "amqp://localhost:1"));

        var exception = Assert.Throws<UnknownServiceException>(() => addresses.Resolve(new Uri(requested)));
        Assert.Contains(key, exception.Message);
    }

    private static ServiceAddresses Addresses(params KeyValuePair<string, string?>[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
