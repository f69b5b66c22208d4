using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Uplink;

/// <summary>A broker in memory with the failings of a real one.</summary>
internal sealed class FakeBroker : IBrokerConnector
{
    private Action<string> _close = _ => { };

    public string Address => "fake:5672";

    public volatile bool IsDown;

    public int ConnectCount;

    public ConcurrentQueue<(UplinkMessage Message, string? TraceParent)> Received { get; } = new();

    /// <summary>Runs before a message is kept; throws or hangs as the test needs.</summary>
    public Func<UplinkMessage, CancellationToken, Task> OnPublish { get; set; } = (_, _) => Task.CompletedTask;

    public Task<IBrokerLink> ConnectAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref ConnectCount);
        if (IsDown) throw new IOException("Connection refused");
        var link = new FakeLink(this);
        _close = link.Close;
        return Task.FromResult<IBrokerLink>(link);
    }

    public void Kill()
    {
        IsDown = true;
        _close("killed");
    }

    private sealed class FakeLink(FakeBroker broker) : IBrokerLink
    {
        private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Closed => _closed.Task;

        public void Close(string reason) => _closed.TrySetResult(reason);

        public async Task PublishAsync(UplinkMessage message, string? traceParent, CancellationToken cancellationToken)
        {
            if (_closed.Task.IsCompleted) throw new NotTakenException("closed");
            await broker.OnPublish(message, cancellationToken);
            broker.Received.Enqueue((message, traceParent));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>An uplink with its loop, its log kept for reading.</summary>
internal sealed class UplinkUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly UplinkLoop _loop;

    public UplinkUnderTest(IBrokerConnector? broker, int capacity = 1_000, string? spoolFolder = null)
    {
        var topology = new UplinkTopology().Add<GpuPlatform.Contracts.GpuSampled>();
        var spool = spoolFolder is null ? null : new SpoolStage(
            () => new Spool(spoolFolder, SpoolLimits.For(16 << 20), topology.Find), TimeProvider.System, NullLogger<SpoolStage>.Instance);
        Backlog = new(new(capacity, 10_000_000), spool, TimeProvider.System);
        Uplink = new(topology, Backlog, TimeProvider.System, isEnabled: broker is not null);
        _loop = new(Uplink, Backlog, broker, new(_services.GetRequiredService<IMeterFactory>(), Uplink, Backlog), TimeProvider.System, Log);
    }

    public UplinkBacklog Backlog { get; }

    public BrokerUplink Uplink { get; }

    public LogLines Log { get; } = new();

    public Task StartAsync() => _loop.StartAsync(CancellationToken.None);

    public Task StopAsync() => _loop.StopAsync(CancellationToken.None);

    public void Enqueue(string node) => Uplink.Enqueue(Samples.Gpu(node), UplinkJson.Default.EnvelopeGpuSampled);

    public async ValueTask DisposeAsync()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await _loop.StopAsync(cancelled.Token);
        _loop.Dispose();
        await _services.DisposeAsync();
    }

    internal sealed class LogLines : ILogger<UplinkLoop>
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));
    }
}
