using System.Net;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.ServiceDefaults;

public sealed class LocalCallsTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:5101", null, true)]
    [InlineData("::1", "::1", "[::1]:5101", null, true)]
    [InlineData("127.0.0.1", "127.0.0.1", "gpu.localhost:5101", "http://gpu.localhost:5101", true)]
    [InlineData("192.168.1.5", "192.168.1.5", "192.168.1.5:5101", null, true)] // this host, by its address in the network
    [InlineData("192.168.1.6", "192.168.1.5", "192.168.1.5:5101", null, false)]
    [InlineData("192.168.1.6", "192.168.1.5", "localhost:5101", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "evil.example", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost.evil.example", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:5101", "http://localhost:5100", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:5101", "null", false)]
    public void What_changes_something_is_taken_from_this_host_under_its_name_and_from_no_other_page(string remote, string local, string host, string? origin, bool isTaken)
    {
        var http = Call(remote, local, host);
        if (origin is not null) http.Request.Headers.Origin = origin;

        Assert.Equal(isTaken, LocalCalls.Refusal(http) is null);
    }

    [Theory]
    [InlineData("127.0.0.1", "evil.example", false)]
    [InlineData("127.0.0.1", "localhost", true)]
    [InlineData("192.168.1.5", "gpu07.rack.example", true)]
    public void What_runs_here_is_told_over_loopback_under_this_hosts_names_alone(string local, string host, bool isTold) =>
        Assert.Equal(isTold, LocalCalls.NameRefusal(Call("127.0.0.1", local, host)) is null);

    private static DefaultHttpContext Call(string remote, string local, string host) => new()
    {
        Connection = { RemoteIpAddress = IPAddress.Parse(remote), LocalIpAddress = IPAddress.Parse(local) },
        Request = { Scheme = "http", Host = new HostString(host) },
    };
}
