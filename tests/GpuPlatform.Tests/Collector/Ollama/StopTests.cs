using System.Diagnostics;
using System.Text;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Tests.Collector.Api;
using GpuPlatform.Tests.Collector.Ollama.Proxy;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Ollama;

public sealed class StopTests : IDisposable
{
    private const int Streams = 10;

    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task A_collector_that_stops_keeps_the_records_of_the_streams_it_ends()
    {
        const string piece = "{\"message\":{\"content\":\"x\"},\"done\":false}\n";
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n{piece.Length:x}\r\n{piece}\r\n");
            await connection.WaitForEndAsync();
        });
        await using var host = await CollectorHost.StartAsync(null,
            ("Ollama:Listen", "http://127.0.0.1:0"), ("Ollama:Upstream", upstream.Address.GetLeftPart(UriPartial.Authority)),
            ("ConnectionStrings:messaging", "amqp://guest:guest@127.0.0.1:1"), ("Uplink:SpoolPath", _tree.Root));
        var proxy = host.App.Services.GetRequiredService<ProxyHost>().AddressOf(ModelServer.Ollama)!;
        var clients = new List<RawClient>();
        try
        {
            for (var i = 0; i < Streams; i++)
            {
                clients.Add(await RawClient.ConnectAsync(proxy));
                await clients[i].SendAsync("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
                await clients[i].ReadUntilAsync(text => text.Contains(piece, StringComparison.Ordinal));
            }
            var running = host.App.Services.GetRequiredService<RequestLog>().Running.Select(request => request.Id).ToList();
            Assert.Equal(Streams, running.Count);

            var watch = Stopwatch.StartNew();
            await host.App.StopAsync(TestContext.Current.CancellationToken);

            // 5 s on a machine that does nothing else
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"{watch.Elapsed}");
            TestContext.Current.SendDiagnosticMessage($"stopped in {watch.Elapsed.TotalSeconds:0.00} s");
            var spooled = Spooled();
            Assert.All(running, id => Assert.Contains($"{id}", spooled, StringComparison.Ordinal));
            Assert.Contains("the collector stopped", spooled, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private string Spooled() => string.Concat(Directory.EnumerateFiles(_tree.Root, "*", SearchOption.AllDirectories).Select(path => Encoding.UTF8.GetString(File.ReadAllBytes(path))));
}
