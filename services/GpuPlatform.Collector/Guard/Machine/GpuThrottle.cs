using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>What is known of the heat of a GPU. Null: the driver did not say.</summary>
/// <param name="Celsius">Core temperature.</param>
/// <param name="Trouble">What the hardware itself does about it, or what is broken, in words; null when nothing.</param>
internal readonly record struct HeatReading(double? Celsius, string? Trouble)
{
    // A controller that asks for this much must see its fan turn
    private const double FanMustTurnPercent = 20;

    /// <summary>A GPU without power cools, and tells nothing of it.</summary>
    public static readonly HeatReading Asleep = new(null, null) { IsAsleep = true };

    /// <summary>Whether it sleeps.</summary>
    public bool IsAsleep { get; private init; }

    public static HeatReading Of(GpuView view) => view.Sample.State == GpuState.Sleeping ? Asleep : Of(view.Sample.TemperatureCelsius, view.Details);

    public static HeatReading Of(double? celsius, GpuDetails? details) => new(celsius,
        details?.ThrottleReasons?.Contains(GpuThrottleReason.HardwareThermal) == true ? "the hardware has lowered its clocks because of heat"
        : details?.Fans is { } fans && FailedFan(fans) is { } fan ? $"fan {fan} stands still though it should turn"
        : null);

    private static int? FailedFan(IReadOnlyList<GpuFan> fans)
    {
        for (var i = 0; i < fans.Count; i++)
            if (fans[i] is { SpeedPercent: >= FanMustTurnPercent, SpeedRpm: 0 })
                return i + 1;
        return null;
    }
}

/// <summary>How much a hot GPU is spared: first few generations at a time, then no new one, until it is cool. Pure; instants only run forward.</summary>
internal sealed class GpuThrottle(GuardOptions options)
{
    // A fan that was off needs a moment, and one reading may be wrong
    internal static readonly TimeSpan TroubleLasts = TimeSpan.FromSeconds(15);

    private TimeSpan? _troubleSince;
    private TimeSpan _limitedSince;
    private TimeSpan _toldAt;

    public ThrottleLevel Level { get; private set; }

    /// <summary>Why, in words; empty while it is not spared.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>True when the level changed. A reading that is missing changes nothing for a while; nobody is kept waiting for one that never comes.</summary>
    public bool Step(HeatReading heat, TimeSpan now)
    {
        _troubleSince = heat.Trouble is null ? null : _troubleSince ?? now;
        var trouble = _troubleSince is { } since && now - since >= TroubleLasts ? heat.Trouble : null;
        var before = Level;
        if (heat.Celsius is not null) _toldAt = now;
        Level = heat.IsAsleep ? ThrottleLevel.None : Next(heat.Celsius, trouble, now);
        if (before == Level) return false;
        if (before == ThrottleLevel.None) _limitedSince = now;
        Reason = Level == ThrottleLevel.None ? "" : trouble ?? (heat.Celsius is { } celsius ? $"the GPU has {celsius:0} °C" : "the GPU was hot and no longer says how hot it is");
        return true;
    }

    private ThrottleLevel Next(double? celsius, string? trouble, TimeSpan now)
    {
        var isHot = trouble is not null || celsius >= options.ThrottleCelsius;
        var isCool = trouble is null && celsius <= options.ThrottleCelsius - options.ThrottleHysteresisCelsius;
        if (isCool) return ThrottleLevel.None;
        var isSilent = celsius is null && now - _toldAt >= options.ThrottleHoldAfter;
        // Held as long as it is too hot; then few again, until it is cool
        return Level switch
        {
            ThrottleLevel.None => isHot ? ThrottleLevel.Limited : ThrottleLevel.None,
            ThrottleLevel.Limited when isSilent && !isHot && now - _limitedSince >= options.ThrottleHoldAfter => ThrottleLevel.None,
            ThrottleLevel.Limited => isHot && (IsFarOver(celsius) || now - _limitedSince >= options.ThrottleHoldAfter) ? ThrottleLevel.Held : ThrottleLevel.Limited,
            _ => isHot || (celsius is null && !isSilent) ? ThrottleLevel.Held : Relax(now),
        };
    }

    private ThrottleLevel Relax(TimeSpan now)
    {
        _limitedSince = now;
        return ThrottleLevel.Limited;
    }

    private bool IsFarOver(double? celsius) => celsius >= options.ThrottleCelsius + options.ThrottleHysteresisCelsius;
}
