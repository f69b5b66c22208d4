using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>Every number of the details is the one that <see cref="NvmlDouble"/> says, or missing: nothing is invented, no zero above all.</summary>
internal static class HonestDetails
{
    public static void Assert(GpuDetailReading reading, bool whole)
    {
        var (details, link, facts) = (reading.Details, reading.Details.NvLink, reading.Details.Facts);
        Only(reading.PowerLimitWatts, 450);
        Only(details.MemoryTemperatureCelsius, 78);
        Only(details.TemperatureMarginCelsius, 23);
        foreach (var fan in details.Fans ?? [])
        {
            Only(fan.SpeedPercent, 54, 55, 56);
            Only(fan.SpeedRpm, 1500, 1501);
        }
        Only(details.PowerAverageWatts, 1.185);
        Only(details.PowerInstantWatts, 1.186);
        Only(details.GraphicsClockMegahertz, 2000);
        Only(details.SmClockMegahertz, 2001);
        Only(details.MemoryClockMegahertz, 2002);
        Only(details.VideoClockMegahertz, 2003);
        Only(details.PerformanceState, 2);
        Xunit.Assert.True(details.ThrottleReasons is null || details.ThrottleReasons.SequenceEqual([GpuThrottleReason.PowerLimit]));
        Only(details.PowerThrottleSeconds, 1074 / 1e9, 74);
        Only(details.ThermalThrottleSeconds, 1075 / 1e9, 74.000000001);
        Only(details.EncoderUtilizationPercent, 11);
        Only(details.DecoderUtilizationPercent, 12);
        Only(details.PcieGeneration, 4);
        Only(details.PcieLaneCount, 16);
        Only(details.PcieReplayCount, 1094, 94);
        Only(details.PcieSentBytes, 1197);
        Only(details.PcieReceivedBytes, 1198);
        Assert(details.Ecc ?? new GpuEcc());
        Only(link?.LinkCount, 18);
        Only(link?.SentBytes, 1202);
        Only(link?.ReceivedBytes, 1204);
        Xunit.Assert.True(details.RecoveryAction is null or GpuRecoveryAction.None);
        Only(details.Profiling?.GraphicsActivityPercent, 2);
        Only(details.Profiling?.PcieReceivedBytesPerSecond, 42 * 1048576);
        if (facts is not null)
            Assert(facts);
        Xunit.Assert.True(whole || (facts is null && details.Fans is null));
    }

    private static void Assert(GpuEcc ecc)
    {
        Only(ecc.CorrectedVolatileCount, 1003, 3);
        Only(ecc.UncorrectedVolatileCount, 1004, 4);
        Only(ecc.CorrectedAggregateCount, 1005, 5);
        Only(ecc.UncorrectedAggregateCount, 1006, 6);
        Only(ecc.RetiredPagesCorrectedCount, 1029);
        Only(ecc.RetiredPagesUncorrectedCount, 1030);
        Only(ecc.RemappedRowsCorrectedCount, 1142, 142);
        Only(ecc.RemappedRowsUncorrectedCount, 1143, 143);
    }

    private static void Assert(GpuFacts facts)
    {
        Xunit.Assert.True(facts.PciBusId is null or "0000:c2:1f.0" or "0000:c3:1f.0");
        Xunit.Assert.True(facts.SerialNumber is null or "1324620081234");
        Xunit.Assert.True(facts.VbiosVersion is null or "95.02.18.80.01");
        Xunit.Assert.True(facts.ComputeCapability is null or "8.9");
        Only(facts.FanCount, 2);
        Only(facts.MaxGraphicsClockMegahertz, 3000);
        Only(facts.MaxSmClockMegahertz, 3001);
        Only(facts.MaxMemoryClockMegahertz, 3002);
        Only(facts.MinPowerLimitWatts, 150);
        Only(facts.MaxPowerLimitWatts, 600);
        Only(facts.DefaultPowerLimitWatts, 450);
        Only(facts.MaxPcieGeneration, 5);
        Only(facts.MaxPcieLaneCount, 16);
        Only(facts.ShutdownTemperatureCelsius, 90);
        Only(facts.SlowdownTemperatureCelsius, 91);
        Only(facts.MaxMemoryTemperatureCelsius, 92);
        Only(facts.MaxOperatingTemperatureCelsius, 93);
    }

    private static void Only(double? value, params ReadOnlySpan<double> said) =>
        Xunit.Assert.True(value is null || said.Contains(value.Value), $"{value} was never said");
}
