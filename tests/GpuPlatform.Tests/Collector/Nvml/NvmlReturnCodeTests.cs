using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>Every function × every code, known or not, while reading and at the opening, and each function missing.</summary>
[Collection(nameof(NvmlDouble))]
public sealed class NvmlReturnCodeTests
{
    private static readonly NvmlStatus[] Codes =
        [.. Enum.GetValues<NvmlStatus>(), (NvmlStatus)(-1), (NvmlStatus)30, (NvmlStatus)500, (NvmlStatus)int.MinValue, (NvmlStatus)int.MaxValue];

    public static TheoryData<string> Functions => [.. NvmlDouble.Functions];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_code_while_reading_gives_null_never_zero_and_never_a_crash(string function)
    {
        foreach (var code in Codes.Where(code => code != NvmlStatus.Success))
        {
            using var nvml = Split();
            nvml.Source.Open();
            NvmlDouble.StatusByFunction[function] = code;
            AssertHonest(nvml, function, code);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_code_at_the_opening_leaves_a_reason_or_a_working_source(string function)
    {
        foreach (var code in Codes)
        {
            using var nvml = Split();
            NvmlDouble.StatusByFunction[function] = code;
            Assert.Equal(nvml.Source.Open(), nvml.Source.Info.UnavailableReason is null);
            Assert.Equal(nvml.Source.Info.UnavailableReason is null, nvml.Source.Gpus.Count > 0);
            if (nvml.Source.Gpus.Count > 0)
                AssertHonest(nvml, function, code);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_missing_symbol_is_a_missing_feature(string function)
    {
        using var nvml = Split();
        NvmlDouble.MissingSymbols.UnionWith([function, $"{function}_v2", $"{function}_v3"]);
        if (nvml.Source.Open())
            AssertHonest(nvml, function, NvmlStatus.FunctionNotFound);
        Assert.Empty(nvml.Errors);
    }

    // An instance, processes and profiling: there is something for every function to fail at
    private static NvmlFixture Split()
    {
        var nvml = new NvmlFixture(profiling: true);
        NvmlDoubleMig.IsEnabled = true;
        NvmlDoubleMig.Slots.Add(0);
        NvmlDoubleProcesses.Compute.Add((7, 500));
        NvmlDoubleProcesses.Samples.Add(new(7, 1_000_000, 50, 20, 3, 4));
        return nvml;
    }

    private static void AssertHonest(NvmlFixture nvml, string function, NvmlStatus code)
    {
        // Twice: the second time meets what was remembered as absent
        for (var round = 0; round < 2; round++)
        {
            foreach (var reading in nvml.Read().Take(2))
                AssertOnlyTheFailedIsMissing(function, code, reading);
            var gpus = nvml.Source.Gpus;
            for (var i = 0; i < gpus.Count; i++)
            {
                if (nvml.ReadDetails(i) is { } details)
                    HonestDetails.Assert(details, whole: i < 2);
                nvml.ReadProcesses(i)?.ForEach(process => Assert.Equal((7, 500L), (process.Pid, process.MemoryUsedBytes)));
                nvml.ReadProcesses(i)?.ForEach(process => Assert.True(process.SmPercent is null or 0 or 50));
            }
        }
        if (NvmlStatusFunnel.Meaning(code) == NvmlOutcome.Absent)
            Assert.Empty(nvml.Errors);
    }

    private static void AssertOnlyTheFailedIsMissing(string function, NvmlStatus code, GpuReading reading)
    {
        if (reading.Error is not null)
        {
            Assert.Equal(new GpuReading { Error = reading.Error, IsLost = reading.IsLost }, reading);
            Assert.True(NvmlStatusFunnel.Meaning(code) >= NvmlOutcome.GpuLost, $"{function} with {code} made the whole GPU fail");
            return;
        }
        Assert.True(reading.UtilizationPercent is 42 || (reading.UtilizationPercent is null && function == "nvmlDeviceGetUtilizationRates"));
        Assert.True(reading.PowerWatts is 123.456 || (reading.PowerWatts is null && function == "nvmlDeviceGetPowerUsage"));
        Assert.True(reading.EnergyJoules is 9_876_543.21 || (reading.EnergyJoules is null && function == "nvmlDeviceGetTotalEnergyConsumption"));
        Assert.True(reading.MemoryTotalBytes is 24L << 30 || (reading.MemoryTotalBytes is null && function.Contains("Memory", StringComparison.Ordinal)));
        Assert.True(reading.TemperatureCelsius is 61 || (reading.TemperatureCelsius is null && function.Contains("Temperature", StringComparison.Ordinal)));
    }
}
