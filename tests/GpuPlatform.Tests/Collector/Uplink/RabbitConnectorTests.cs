using System.Net;
using System.Net.Sockets;
using GpuPlatform.Collector.Uplink;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class RabbitConnectorTests
{
    [Fact]
    public async Task A_broker_that_accepts_and_says_nothing_keeps_no_socket_of_an_earlier_attempt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connector = new RabbitConnector(
            new Uri($"amqp://guest:guest@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), new UplinkTopology(), "test");

        await Assert.ThrowsAnyAsync<Exception>(() => connector.ConnectAsync(TestContext.Current.CancellationToken));
        using var first = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => connector.ConnectAsync(TestContext.Current.CancellationToken));

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(5));
        var buffer = new byte[64];
        // The client's greeting, then the end: a socket that stays open would keep the read waiting
        while (await ReadAsync() > 0)
        {
        }

        async Task<int> ReadAsync()
        {
            try
            {
                return await first.ReceiveAsync(buffer, SocketFlags.None, timeout.Token);
            }
            catch (SocketException)
            {
                return 0;
            }
        }
    }
}
