using System.Collections.Concurrent;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Energy that one request was given.</summary>
/// <param name="Joules">Of the boards, in joules.</param>
/// <param name="IdleJoules">The part they would have taken without any request; null when they were not seen so.</param>
internal readonly record struct EnergyShare(double Joules, double? IdleJoules);

/// <summary>The energy of every GPU over the last time, from the samples as they come, and how requests share it.</summary>
internal sealed class EnergyLedger : IDisposable
{
    private readonly ConcurrentDictionary<string, EnergyTimeline> _timelines = new();
    private readonly Dictionary<string, EnergyClaims> _claims = [];
    private readonly LatestSample _latest;
    private readonly TimeProvider _time;
    private readonly long _interval;
    private int _running;
    private bool _wasBusy;
    private long _lastAt = long.MinValue;

    public EnergyLedger(LatestSample latest, IOptions<SamplingOptions> sampling, TimeProvider time)
    {
        (_latest, _time) = (latest, time);
        _interval = (long)(sampling.Value.Interval.TotalSeconds * time.TimestampFrequency);
        latest.Changed += Add;
    }

    /// <summary>Called after every sample, on the sampler's thread: must be quick, must not throw.</summary>
    public event Action? Sampled;

    /// <summary>Timestamp of the last sample.</summary>
    public long LastAt => Interlocked.Read(ref _lastAt);

    public void Dispose() => _latest.Changed -= Add;

    /// <summary>A request begins: the power from now on is not that of an idle GPU.</summary>
    public void Began()
    {
        Interlocked.Increment(ref _running);
        Volatile.Write(ref _wasBusy, true);
    }

    public void Ended() => Interlocked.Decrement(ref _running);

    /// <summary>
    /// Gives a request its part of the energy of the GPUs its model ran on; null when one of them did not tell it for a part of the time. To be called by one
    /// thread alone, like <see cref="Settle"/>.
    /// </summary>
    /// <param name="gpus">The GPUs.</param>
    /// <param name="own">When they worked for it.</param>
    /// <param name="rivalsOn">When a GPU worked for other requests that have been given nothing yet.</param>
    public EnergyShare? Take(IReadOnlyList<string> gpus, IReadOnlyList<WorkSpan> own, Func<string, IReadOnlyList<WorkSpan>> rivalsOn)
    {
        if (gpus.Count == 0 || own.Count == 0) return null;
        var (joules, idle) = (0.0, (double?)0);
        foreach (var uuid in gpus)
        {
            if (!_timelines.TryGetValue(uuid, out var timeline)) return null;
            if (!_claims.TryGetValue(uuid, out var claims)) _claims[uuid] = claims = new EnergyClaims();
            if (claims.Take(own, rivalsOn(uuid), timeline) is not { } part) return null;
            joules += part.Joules;
            idle += part.IdleJoules;
        }
        return new EnergyShare(joules, idle);
    }

    /// <summary>Forgets who was given what before the instant from which on alone requests are still to be given something.</summary>
    public void Settle(long instant)
    {
        foreach (var claims in _claims.Values) claims.ForgetBefore(instant);
    }

    // On the sampler's thread: allocates nothing but for a GPU seen for the first time
    private void Add(GpuSnapshot snapshot)
    {
        var now = _time.GetTimestamp();
        var isBusy = Volatile.Read(ref _running) > 0;
        var isIdle = !Interlocked.Exchange(ref _wasBusy, isBusy) && !isBusy;
        for (var i = 0; i < snapshot.Gpus.Count; i++)
        {
            var gpu = snapshot.Gpus[i];
            // The power is the board's: an instance has none of its own
            if (gpu.ParentUuid is not null) continue;
            if (!_timelines.TryGetValue(gpu.Uuid, out var timeline))
                _timelines[gpu.Uuid] = timeline = new EnergyTimeline(_time.TimestampFrequency, _interval * SamplingOptions.StaleAfterIntervals, _interval / 2);
            var isRead = gpu.State == GpuState.Active;
            timeline.Add(now, isRead ? gpu.PowerWatts : null, isRead ? gpu.EnergyJoules : null, isIdle);
        }
        Interlocked.Exchange(ref _lastAt, now);
        Sampled?.Invoke();
    }
}
