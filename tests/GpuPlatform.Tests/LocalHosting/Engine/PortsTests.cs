using System.Net;
using System.Net.Sockets;
using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.Tests.LocalHosting.Engine;

public sealed class PortsTests
{
    [Fact]
    public void A_taken_port_is_an_error_that_names_port_resource_and_process()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var project = new ProjectResource("web") { ProjectPath = "/src/Web/Web.csproj" };
        var message = Assert.Throws<DistributedApplicationException>(() => Ports.Require(port, project)).Message;
        Assert.Contains($"'web' needs port {port}, but process {Environment.ProcessId} (", message, StringComparison.Ordinal);
        Assert.Contains("/src/Web/Properties/launchSettings.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_ports_differ_and_lie_below_the_kernels_own_range()
    {
        var ports = Enumerable.Range(0, 20).Select(_ => Ports.Free()).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 20_000, 31_999));
    }
}
