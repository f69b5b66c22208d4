using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

/// <summary>The proxy before an upstream, over real sockets.</summary>
internal sealed class ProxyFixture : IAsyncDisposable
{
    private static readonly Meter NoMeter = new(nameof(ProxyFixture));
    private readonly RecordedEnds _ends = new();

    private ProxyFixture(OllamaOptions options, GateOptions gate, TimeProvider time)
    {
        Gate = GateOf(options, gate, time);
        Log = new RequestLog([_ends], time, NullLogger<RequestLog>.Instance);
        Host = Build(options, gate, Gate, Log, time);
    }

    public ProxyHost Host { get; }

    public RequestLog Log { get; }

    /// <summary>Open, unless a test closes it.</summary>
    public ModelGate Gate { get; }

    public Uri Address => Host.AddressOf(ModelServer.Ollama)!;

    public static ProxyHost Build(OllamaOptions options, TimeProvider time, IEnumerable<IRequestObserver> observers)
    {
        var gate = new GateOptions();
        return Build(options, gate, GateOf(options, gate, time), new RequestLog(observers, time, NullLogger<RequestLog>.Instance), time);
    }

    public static async Task<ProxyFixture> StartAsync(Uri upstream, Action<OllamaOptions>? configure = null, GateOptions? gate = null, TimeProvider? time = null)
    {
        var options = new OllamaOptions { Listen = "http://127.0.0.1:0", Upstream = upstream.GetLeftPart(UriPartial.Authority) };
        configure?.Invoke(options);
        var fixture = new ProxyFixture(options, gate ?? new GateOptions(), time ?? TimeProvider.System);
        await fixture.Host.StartAsync(TestContext.Current.CancellationToken);
        return fixture;
    }

    /// <summary>The records so far.</summary>
    public IReadOnlyList<(LlmRequest Request, RequestEnd End)> Ends => [.. _ends.All];

    public async Task<(LlmRequest Request, RequestEnd End)> OnlyEndAsync()
    {
        await Doubles.Until.True(() => !_ends.All.IsEmpty);
        return Assert.Single(_ends.All);
    }

    public async Task<RawClient> ConnectAsync() => await RawClient.ConnectAsync(Address);

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        Host.Dispose();
        Gate.Dispose();
    }

    private static ProxyHost Build(OllamaOptions options, GateOptions gateOptions, ModelGate gate, RequestLog log, TimeProvider time)
    {
        var names = new ClientNames(NoMeter.CreateCounter<long>("refused"), NullLogger<ClientNames>.Instance);
        var entry = new RequestEntry(log, new ClientIdentity(Options.Create(options), names), Options.Create(options));
        return new ProxyHost(Options.Create(options), Options.Create(gateOptions), gate, entry, log, time, NullLoggerFactory.Instance);
    }

    private static ModelGate GateOf(OllamaOptions options, GateOptions gate, TimeProvider time) =>
        new(Options.Create(options), Options.Create(gate), new Lazy<ILlmServers>(() => new NoServers()), time);

    private sealed class NoServers : ILlmServers
    {
        public IReadOnlyList<LlmServer> Current => [];
    }

    private sealed class RecordedEnds : IRequestObserver
    {
        public ConcurrentQueue<(LlmRequest, RequestEnd)> All { get; } = new();

        public void Began(LlmRequest request)
        {
        }

        public void Ended(LlmRequest request, RequestEnd end) => All.Enqueue((request, end));
    }
}

/// <summary>A client that sends exactly the bytes a test says.</summary>
internal sealed class RawClient(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public Stream Stream => _stream;

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return new RawClient(socket);
    }

    public async Task SendAsync(string bytes) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Reads until what was read satisfies a condition.</summary>
    public async Task<string> ReadUntilAsync(Func<string, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var all = new StringBuilder();
        var buffer = new byte[16 << 10];
        while (!isEnough(all.ToString()))
        {
            var read = await _stream.ReadAsync(buffer, limit.Token);
            if (read == 0) throw new EndOfStreamException(all.ToString());
            all.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return all.ToString();
    }

    /// <summary>Reads until the other side closes.</summary>
    /// <returns>What came, and whether it was reset in the end.</returns>
    public async Task<(string Text, bool IsReset)> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var all = new StringBuilder();
        var buffer = new byte[16 << 10];
        try
        {
            while (await _stream.ReadAsync(buffer, limit.Token) is var read and > 0) all.Append(Encoding.Latin1.GetString(buffer, 0, read));
            return (all.ToString(), false);
        }
        catch (IOException)
        {
            return (all.ToString(), true);
        }
    }

    /// <summary>Goes away as a killed program does.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
