using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard;

/// <summary>Has the guard make a round whenever something happened that may matter, and now and then without. It survives whatever a round throws.</summary>
internal sealed partial class GuardLoop(
    HostGuard guard, Nudge nudge, IOptions<GuardOptions> options, LatestSample latest, IVerdicts verdicts, IProcessEvents processes, ProcessLook look, IModelGate gate,
    IMeterFactory meters, TimeProvider time, ILogger<GuardLoop> logger, IGameReports? games = null) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Counter<long> _failures = meters.Create(CollectorTelemetry.Name).CreateCounter<long>("gpuplatform_guard_failures_total", unit: null, "Rounds of the guard that failed.");
    private volatile string? _failure;

    /// <summary>What the last round threw, in words; null when it threw nothing.</summary>
    public string? Failure => _failure;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Listen(on: true);
        var pause = FirstPause;
        try
        {
            while (true)
            {
                if (RunOnce() is { } rest)
                {
                    pause = FirstPause;
                    await nudge.WaitAsync(rest, stoppingToken);
                }
                else
                {
                    // However much is told meanwhile, a guard that fails must not keep a processor busy
                    await Task.Delay(pause, time, stoppingToken);
                    pause = pause + pause < LongestPause ? pause + pause : LongestPause;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            Listen(on: false);
        }
    }

    // The last state is still to be written when the program has nothing else to do
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAny(guard.Kept, Task.Delay(Timeout.Infinite, cancellationToken));
    }

    private TimeSpan? RunOnce()
    {
        try
        {
            var rest = guard.Round();
            if (_failure is not null) Log.Recovered(logger);
            _failure = null;
            return rest;
        }
        catch (Exception e)
        {
            _failures.Add(1);
            if (_failure is null) Log.Failed(logger, e);
            _failure = e.Message;
            return null;
        }
    }

    private void Listen(bool on)
    {
        if (on)
        {
            latest.Changed += Sampled;
            latest.Processes.Changed += nudge.Set;
            verdicts.Changed += nudge.Set;
            gate.Changed += Requested;
            // To be told of these costs something, and switched off nobody would do anything about it
            if (!options.Value.Enabled) return;
            processes.Changed += look.Note;
            if (games is not null) games.Changed += nudge.Set;
            return;
        }
        latest.Changed -= Sampled;
        latest.Processes.Changed -= nudge.Set;
        verdicts.Changed -= nudge.Set;
        processes.Changed -= look.Note;
        gate.Changed -= Requested;
        if (games is not null) games.Changed -= nudge.Set;
    }

    private void Sampled(GpuSnapshot snapshot) => nudge.Set();

    // Requests come by the hundred; only while somebody waits for their end are they news
    private void Requested()
    {
        if (guard.IsDraining) nudge.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A round of the guard failed; it goes on, and further failures are only counted")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "The guard works again")]
        public static partial void Recovered(ILogger logger);
    }
}
