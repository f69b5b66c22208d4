using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>One subscriber of the live feed.</summary>
internal sealed class LiveFeed(HttpClient client, Stream stream) : IAsyncDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly IAsyncEnumerator<SseItem<string>> _items = SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

    public static async Task<LiveFeed> OpenAsync(RunningSystem system)
    {
        var client = system.App.CreateHttpClient("history");
        return new LiveFeed(client, await client.GetStreamAsync(new Uri(Routes.Live, UriKind.Relative)));
    }

    /// <summary>A subscriber that asks and never reads.</summary>
    public static async Task<Socket> OpenDeafAsync(RunningSystem system)
    {
        var address = system.App.GetEndpoint("history", "http");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {Routes.Live} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
        return socket;
    }

    /// <summary>The next node state that fits; everything before it is skipped.</summary>
    public async Task<NodeSnapshot> NextAsync(Func<NodeSnapshot, bool> fits)
    {
        while (await _items.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            if (_items.Current.EventType == "node" && JsonSerializer.Deserialize<NodeSnapshot>(_items.Current.Data, Json) is { } snapshot && fits(snapshot))
            {
                return snapshot;
            }
        }

        throw new EndOfStreamException("the feed has ended");
    }

    public ValueTask DisposeAsync()
    {
        // A pending read ends with the connection.
        client.Dispose();
        return stream.DisposeAsync();
    }
}
