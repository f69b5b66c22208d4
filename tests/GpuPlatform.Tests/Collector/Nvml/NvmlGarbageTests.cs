using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>
/// A driver gone mad, the same way on every run: random bytes in everything it writes, random codes, missing functions. What comes out
/// must be possible, and what it costs must stay bounded.
/// </summary>
[Collection(nameof(NvmlDouble))]
public sealed class NvmlGarbageTests
{
    private const int Sessions = 150;
    private const int RoundsPerSession = 20;
    private const long MostBytesPerRound = 8 * 1024 * 1024;

    private static readonly NvmlStatus[] Codes = [.. Enum.GetValues<NvmlStatus>(), (NvmlStatus)(-1), (NvmlStatus)12345];

    [Fact]
    public void Garbage_never_becomes_an_impossible_number()
    {
        var random = new Random(20260115);
        var readings = 0;
        for (var session = 0; session < Sessions; session++)
        {
            using var nvml = Start(random);
            nvml.Source.Open();
            NvmlDouble.Garbage = random;
            for (var round = 0; round < RoundsPerSession; round++)
            {
                ChooseCodes(random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                foreach (var reading in nvml.Read())
                {
                    AssertPossible(reading);
                    readings++;
                }
                for (var i = 0; i < nvml.Source.Gpus.Count; i++)
                {
                    if (nvml.ReadDetails(i) is { } details)
                        AssertPossible(details);
                    nvml.ReadProcesses(i)?.ForEach(AssertPossible);
                }
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesPerRound);
            }
        }
        Assert.True(readings > Sessions * RoundsPerSession, $"only {readings} readings were taken");
    }

    private static NvmlFixture Start(Random random)
    {
        var nvml = new NvmlFixture(profiling: true);
        NvmlDoubleMig.IsEnabled = random.Next(2) == 0;
        NvmlDoubleMig.Slots.Add((uint)random.Next(7));
        NvmlDoubleProcesses.Stride = random.Next(3) switch { 0 => 16, 1 => 24, _ => 32 };
        foreach (var function in NvmlDouble.Functions)
            if (random.Next(20) == 0 && !function.EndsWith("Init", StringComparison.Ordinal))
                NvmlDouble.MissingSymbols.UnionWith([function, $"{function}_v2", $"{function}_v3"]);
        return nvml;
    }

    private static void ChooseCodes(Random random)
    {
        NvmlDouble.StatusByFunction.Clear();
        foreach (var function in NvmlDouble.Functions)
            if (random.Next(15) == 0)
                NvmlDouble.StatusByFunction[function] = Codes[random.Next(Codes.Length)];
    }

    private static void AssertPossible(GpuReading reading)
    {
        AssertRange(reading.UtilizationPercent, 0, 100);
        AssertRange(reading.MemoryUtilizationPercent, 0, 100);
        AssertRange(reading.TemperatureCelsius, -200, 200);
        AssertRange(reading.PowerWatts, 0, 1000);
        AssertRange(reading.EnergyJoules, 0, 1e15);
        AssertRange(reading.MemoryTotalBytes, 1, long.MaxValue);
        foreach (var part in (long?[])[reading.MemoryUsedBytes, reading.MemoryFreeBytes, reading.MemoryReservedBytes])
            Assert.True(part is null || (part >= 0 && part <= reading.MemoryTotalBytes));
        Assert.False(reading.MemoryIsShared);
    }

    private static void AssertPossible(GpuDetailReading reading)
    {
        var details = reading.Details;
        AssertRange(reading.PowerLimitWatts, 0.001, 1000);
        AssertRange(details.MemoryTemperatureCelsius, -200, 200);
        AssertRange(details.TemperatureMarginCelsius, -200, 200);
        Assert.InRange(details.Fans?.Count ?? 0, 0, 32);
        foreach (var fan in details.Fans ?? [])
        {
            AssertRange(fan.SpeedPercent, 0, 1000);
            AssertRange(fan.SpeedRpm, 0, 100_000);
        }
        AssertRange(details.PowerInstantWatts, 0, 1000);
        AssertRange(details.SmClockMegahertz, 0, 100_000);
        AssertRange(details.PerformanceState, 0, 15);
        AssertRange(details.PcieGeneration, 1, 16);
        AssertRange(details.PcieLaneCount, 1, 64);
        AssertRange(details.EncoderUtilizationPercent, 0, 100);
        AssertRange(details.PowerThrottleSeconds, 0, double.MaxValue);
        foreach (var counter in (long?[])[details.PcieReplayCount, details.PcieSentBytes, details.PcieReceivedBytes, details.Ecc?.CorrectedVolatileCount,
            details.Ecc?.RetiredPagesCorrectedCount, details.Ecc?.RemappedRowsCorrectedCount, details.NvLink?.SentBytes])
            AssertRange(counter, 0, long.MaxValue);
        AssertRange(details.Profiling?.SmActivityPercent, 0, 100);
        AssertRange(details.Facts?.MaxPcieLaneCount, 1, 64);
        Assert.True(details.Facts?.SerialNumber is null || !details.Facts.SerialNumber.Any(char.IsControl));
    }

    private static void AssertPossible(GpuProcessReading process)
    {
        Assert.True(process.Pid > 0);
        AssertRange(process.MemoryUsedBytes, 0, 1L << 44);
        AssertRange(process.SmPercent, 0, 100);
        AssertRange(process.MemoryPercent, 0, 100);
        AssertRange(process.EncoderPercent, 0, 100);
        AssertRange(process.DecoderPercent, 0, 100);
    }

    private static void AssertRange(double? value, double least, double most) =>
        Assert.True(value is null || (value >= least && value <= most), $"{value} is not within {least} and {most}");
}
