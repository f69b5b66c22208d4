using System.Net;
using System.Net.Sockets;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class ProxyHostTests
{
    [Fact]
    public async Task An_address_that_is_taken_is_said_and_taken_when_it_is_free()
    {
        var time = new ManualTimeProvider();
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var host = Host($"http://127.0.0.1:{port}", time);

        await host.StartAsync(TestContext.Current.CancellationToken);

        var expected = $"Ollama:Listen is http://127.0.0.1:{port}, which cannot be listened on: another program has it";
        Assert.Equal(new ListenState(null, expected), host.StateOf(ModelServer.Ollama));
        var health = await new ProxyHealthCheck(host).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Degraded, expected), (health.Status, health.Description));

        other.Stop();
        await Until.True(() =>
        {
            time.Advance(ListenerSeat.RetryInterval);
            return host.AddressOf(ModelServer.Ollama) is not null;
        });
        Assert.Equal(port, host.AddressOf(ModelServer.Ollama)!.Port);
        Assert.Equal(HealthStatus.Healthy, (await new ProxyHealthCheck(host).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_address_of_another_host_is_said()
    {
        using var host = Host("http://192.0.2.1:11435", new ManualTimeProvider(), options => options.Keys["a"] = "0123456789abcdef");

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Ollama:Listen is http://192.0.2.1:11435, which cannot be listened on: it is no address of this host", host.StateOf(ModelServer.Ollama)!.Problem);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://[::1]:0")]
    public async Task Port_0_is_a_free_one_and_it_is_told(string listen)
    {
        Assert.SkipWhen(!Socket.OSSupportsIPv6 && listen.Contains("::", StringComparison.Ordinal), "This host has no IPv6.");
        using var host = Host(listen, TimeProvider.System);

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.InRange(host.AddressOf(ModelServer.Ollama)!.Port, 1, 65535);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Localhost_is_listened_on_in_both_families()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        using var host = Host($"http://localhost:{FreePort()}", TimeProvider.System);
        await host.StartAsync(TestContext.Current.CancellationToken);

        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using var client = new TcpClient(address.AddressFamily);
            await client.ConnectAsync(address, host.AddressOf(ModelServer.Ollama)!.Port, TestContext.Current.CancellationToken);
        }
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_an_address_there_is_no_proxy()
    {
        using var host = Host("", TimeProvider.System);

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(host.StateOf(ModelServer.Ollama));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_connection_that_becomes_a_WebSocket_passes_both_ways()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nfirst");
            var buffer = new byte[100];
            while (await connection.Stream.ReadAsync(buffer) is var read and > 0) await connection.Stream.WriteAsync(buffer.AsMemory(0, read));
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n");
        var head = await client.ReadUntilAsync(text => text.EndsWith("first", StringComparison.Ordinal));
        await client.SendAsync("\u0081\u0000 any bytes");

        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        Assert.Equal(("websocket", "x"), (UpstreamConnection.Header(head, "Upgrade"), UpstreamConnection.Header(head, "Sec-WebSocket-Accept")));
        Assert.Equal("\u0081\u0000 any bytes", await client.ReadUntilAsync(text => text.EndsWith("bytes", StringComparison.Ordinal)));
        client.Dispose();
        await Until.True(() => upstream.Connections.Single().Stream is { CanRead: false } || upstream.Connections.Single().IsGone);
    }

    private static ProxyHost Host(string listen, TimeProvider time, Action<OllamaOptions>? configure = null)
    {
        var options = new OllamaOptions { Listen = listen };
        configure?.Invoke(options);
        return ProxyFixture.Build(options, time, []);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
