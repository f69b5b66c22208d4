using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace GpuPlatform.ServiceDefaults.Telemetry;

/// <summary>Starts the providers before anything else runs and flushes them after everything else has stopped.</summary>
internal sealed class TelemetryLifetime(IServiceProvider services) : IHostedLifecycleService
{
    // A dead collector costs a stopping service this much, no more: all three signals are flushed at once.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    private TracerProvider? _traces;
    private MeterProvider? _metrics;
    private LoggerProvider? _logs;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _traces = services.GetService<TracerProvider>();
        _metrics = services.GetService<MeterProvider>();
        _logs = services.GetService<LoggerProvider>();
        return Task.CompletedTask;
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var timeoutMilliseconds = (int)FlushTimeout.TotalMilliseconds;
        Task flushed = Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(timeoutMilliseconds), CancellationToken.None),
            Task.Run(() => _metrics?.Shutdown(timeoutMilliseconds), CancellationToken.None),
            Task.Run(() => _logs?.Shutdown(timeoutMilliseconds), CancellationToken.None));
        await flushed.WaitAsync(FlushTimeout + FlushTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
