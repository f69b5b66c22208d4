using System.Diagnostics.Metrics;

namespace GpuPlatform.ServiceDefaults.Prometheus;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>What an instrument means to Prometheus, and how its measurements are to be taken.</summary>
/// <param name="IsAbsolute">A measurement is the value itself, not a change of it.</param>
/// <param name="IsAdditive">Values of the same labels may be added up.</param>
internal readonly record struct InstrumentShape(MetricKind Kind, bool IsAbsolute, bool IsAdditive)
{
    /// <summary>The shape of an instrument, or null for a kind that is not known here.</summary>
    public static InstrumentShape? Of(Instrument instrument) => instrument.GetType() is { IsGenericType: true } type
        ? Of(type.GetGenericTypeDefinition(), instrument.IsObservable)
        : null;

    private static InstrumentShape? Of(Type definition, bool isObservable) =>
        definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>) ? new(MetricKind.Counter, isObservable, true)
        : definition == typeof(UpDownCounter<>) || definition == typeof(ObservableUpDownCounter<>) ? new(MetricKind.Gauge, isObservable, true)
        : definition == typeof(Gauge<>) || definition == typeof(ObservableGauge<>) ? new(MetricKind.Gauge, true, false)
        : definition == typeof(Histogram<>) ? new(MetricKind.Histogram, false, true)
        : null;
}
