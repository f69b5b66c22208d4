using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Collector.Processes.Sockets;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// What it costs to find the process behind a connection, and who listens: with the kernel asked for single sockets, and with its tables read. The bare call
/// sends the same question and receives the answer, and does not look at it.
/// </summary>
internal static class SocketLookUps
{
    public static async Task RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"exec 3<>/dev/tcp/127.0.0.1/{port}; read -r <&3"]))!;
        try
        {
            using var server = await listener.AcceptSocketAsync();
            using var kernel = new SocketDiagnostics(new NetlinkSocket(), TimeProvider.System);
            await CompareAsync(kernel, new SocketTables("/"), TcpConnection.Of((IPEndPoint)server.RemoteEndPoint!, (IPEndPoint)server.LocalEndPoint!), client.Id, port);
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
        }
    }

    private static async Task CompareAsync(SocketDiagnostics kernel, SocketTables tables, TcpConnection connection, int clientPid, int port)
    {
        var (asked, read) = (0L, 0L);
        using var bare = new NetlinkSocket();
        var (question, answer, bytes) = (new byte[DiagnosticFormat.QuestionBytes], new byte[32 << 10], 0);
        DiagnosticFormat.WriteLookUp(question, 1, connection);
        await Comparison.RunAsync("sockets", "connection", 1,
            new Contender("SocketDiagnostics.Find", () => asked = kernel.Find([connection])[connection]),
            new Contender("SocketTables.Find", () => read = tables.Find([connection])[connection]),
            new Contender("bare send and receive", () =>
            {
                bare.Send(question);
                bytes = bare.Receive(answer, TimeSpan.FromSeconds(1));
            }));
        if (asked != read || bytes < question.Length)
            throw new InvalidOperationException("the contenders did not find the same socket");

        var (askedPid, readPid) = (0, 0);
        var (askedHolders, readHolders) = (new SocketHolders("/", TimeProvider.System), new SocketHolders("/", TimeProvider.System));
        await Comparison.RunAsync("sockets", "process of a client that was found before", 1,
            new Contender("SocketDiagnostics and SocketHolders", () => askedPid = askedHolders.Find(kernel.Find([connection]).Values)[asked]),
            new Contender("SocketTables and SocketHolders", () => readPid = readHolders.Find(tables.Find([connection]).Values)[read]));
        await Comparison.RunAsync("sockets", "process of a client that was not", 1,
            new Contender("SocketDiagnostics and SocketHolders", () => askedPid = new SocketHolders("/", TimeProvider.System).Find(kernel.Find([connection]).Values)[asked]),
            new Contender("SocketTables and SocketHolders", () => readPid = new SocketHolders("/", TimeProvider.System).Find(tables.Find([connection]).Values)[read]));
        if (askedPid != clientPid || readPid != clientPid)
            throw new InvalidOperationException("the contenders did not find the client");

        var ports = new HashSet<int> { port };
        var (told, seen) = (new Dictionary<long, int>(), new Dictionary<long, int>());
        await Comparison.RunAsync("sockets", "look at all listeners", 1,
            new Contender("SocketDiagnostics.Listening", () => told = kernel.Listening(ports)),
            new Contender("SocketTables.Listening", () => seen = tables.Listening(ports)));
        if (told.Count == 0 || told.Count != seen.Count)
            throw new InvalidOperationException("the contenders did not find the same listeners");
    }
}
