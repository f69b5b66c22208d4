using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One reading among the details of a GPU.</summary>
public readonly record struct DetailRow(string Label, string Value);

/// <summary>What a GPU says beyond the gauges. What was not reported is left out: a list of dashes helps nobody.</summary>
internal static class GpuDetailRows
{
    public static IReadOnlyList<DetailRow> Of(GpuSample gpu)
    {
        if (gpu.Details is not { } details) return [];
        var facts = details.Facts ?? new GpuFacts();
        (string Label, string? Value)[] rows =
        [
            ("Core clock", Of(details.GraphicsClockMegahertz, facts.MaxGraphicsClockMegahertz, Quantity.Megahertz)),
            ("SM clock", details.SmClockMegahertz == details.GraphicsClockMegahertz
                ? null : Of(details.SmClockMegahertz, facts.MaxSmClockMegahertz, Quantity.Megahertz)),
            ("Memory clock", Of(details.MemoryClockMegahertz, facts.MaxMemoryClockMegahertz, Quantity.Megahertz)),
            ("Video clock", Of(details.VideoClockMegahertz, null, Quantity.Megahertz)),
            ("Performance state", details.PerformanceState is { } state ? $"P{state}" : null),
            ("Memory controller", Of(gpu.MemoryUtilizationPercent, null, Quantity.Percent)),
            ("Encoder", Of(details.EncoderUtilizationPercent, null, Quantity.Percent)),
            ("Decoder", Of(details.DecoderUtilizationPercent, null, Quantity.Percent)),
            .. Fans(details.Fans),
            ("Memory temperature", Of(details.MemoryTemperatureCelsius, facts.MaxMemoryTemperatureCelsius, Quantity.Celsius)),
            ("Hotspot", Of(details.HotspotTemperatureCelsius, null, Quantity.Celsius)),
            ("Slows down at", Of(facts.SlowdownTemperatureCelsius, null, Quantity.Celsius)),
            ("Power, instant", Of(details.PowerInstantWatts, null, Quantity.Watts)),
            ("Power limit as shipped", Of(facts.DefaultPowerLimitWatts, null, Quantity.Watts)),
            ("Voltage", Of(details.VoltageMillivolts, null, value => $"{value:0} mV")),
            ("Time held back by power", Of(details.PowerThrottleSeconds, null, Quantity.Duration)),
            ("Time held back by heat", Of(details.ThermalThrottleSeconds, null, Quantity.Duration)),
            ("PCI Express", Link(details, facts)),
            ("PCI Express replays", details.PcieReplayCount is > 0 and var replays ? $"{replays}" : null),
            ("Memory errors, corrected", details.Ecc?.CorrectedVolatileCount?.ToString()),
            ("Memory errors, uncorrected", details.Ecc?.UncorrectedVolatileCount?.ToString()),
            ("Memory rows replaced", Sum(details.Ecc?.RemappedRowsCorrectedCount, details.Ecc?.RemappedRowsUncorrectedCount)),
            ("Links to other GPUs", details.NvLink?.LinkCount?.ToString()),
            ("Tensor cores", Of(details.Profiling?.TensorActivityPercent, null, Quantity.Percent)),
            ("Memory bandwidth", Of(details.Profiling?.MemoryBandwidthPercent, null, Quantity.Percent)),
            ("Split into instances", details.MigEnabled is true ? "yes" : null),
            ("Energy since driver load", Of(gpu.EnergyJoules, null, Quantity.Energy)),
            ("Compute capability", facts.ComputeCapability),
            ("PCI address", facts.PciBusId),
            ("Driver", facts.DriverVersion),
            ("Firmware", facts.VbiosVersion),
            ("Serial number", facts.SerialNumber),
            ("Read through", facts.Source),
        ];
        return [.. rows.Where(row => !string.IsNullOrEmpty(row.Value)).Select(row => new DetailRow(row.Label, row.Value!))];
    }

    private static string? Of(double? value, double? most, Func<double?, string> text) =>
        value is null ? null : most is null ? text(value) : $"{text(value)} of {text(most)}";

    private static IEnumerable<(string, string?)> Fans(IReadOnlyList<GpuFan>? fans) => (fans ?? []).Select((fan, i) =>
        (fans!.Count == 1 ? "Fan" : $"Fan {i + 1}", FanWords.Of(new GpuDetails { Fans = [fan] })));

    private static string? Link(GpuDetails details, GpuFacts facts)
    {
        var now = Link(details.PcieGeneration, details.PcieLaneCount);
        var most = Link(facts.MaxPcieGeneration, facts.MaxPcieLaneCount);
        return now is null || most is null || now == most ? now : $"{now}, can do {most}";
    }

    private static string? Link(int? generation, int? lanes) => (generation, lanes) switch
    {
        (null, null) => null,
        (null, _) => $"×{lanes}",
        (_, null) => $"generation {generation}",
        _ => $"generation {generation} ×{lanes}",
    };

    private static string? Sum(long? left, long? right) => left is null && right is null ? null : $"{(double)(left ?? 0) + (right ?? 0):0}";
}
