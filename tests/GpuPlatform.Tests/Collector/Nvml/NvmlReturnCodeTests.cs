using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlReturnCodeTests
{
    private static readonly NvmlStatus[] Codes =
        [.. Enum.GetValues<NvmlStatus>(), (NvmlStatus)(-1), (NvmlStatus)500, (NvmlStatus)int.MinValue];

    public static TheoryData<string> Functions => [.. NvmlDouble.Functions];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_code_of_every_function_gives_null_never_zero_and_never_a_crash(string function)
    {
        foreach (var code in Codes.Where(code => code != NvmlStatus.Success))
        {
            using var nvml = new NvmlFixture();
            nvml.Source.Open();
            NvmlDouble.StatusByFunction[function] = code;
            foreach (var reading in nvml.Read())
                AssertOnlyTheFailedIsMissing(function, code, reading);
            nvml.ReadProcesses();
            if (NvmlStatusFunnel.Meaning(code) == NvmlOutcome.Absent)
                Assert.Empty(nvml.Errors);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_code_at_the_opening_leaves_a_reason_or_a_working_source(string function)
    {
        foreach (var code in Codes)
        {
            using var nvml = new NvmlFixture();
            NvmlDouble.StatusByFunction[function] = code;
            Assert.Equal(nvml.Source.Open(), nvml.Source.Info.UnavailableReason is null);
            Assert.Equal(nvml.Source.Info.UnavailableReason is null, nvml.Source.Gpus.Count > 0);
            nvml.Read();
            nvml.ReadProcesses();
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_missing_symbol_is_a_missing_feature(string function)
    {
        using var nvml = new NvmlFixture();
        NvmlDouble.MissingSymbols.UnionWith([function, $"{function}_v2", $"{function}_v3"]);
        foreach (var reading in nvml.Read())
            AssertOnlyTheFailedIsMissing(function, NvmlStatus.FunctionNotFound, reading);
        nvml.ReadProcesses();
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
        Assert.Equal(function == "nvmlDeviceGetUtilizationRates" ? null : 42, reading.UtilizationPercent);
        Assert.Equal(function == "nvmlDeviceGetPowerUsage" ? null : 123.456, reading.PowerWatts);
        Assert.True(reading.MemoryTotalBytes is null or 24L << 30);
        Assert.True(reading.TemperatureCelsius is null or 61);
        Assert.True(function.Contains("Memory", StringComparison.Ordinal) || reading.MemoryTotalBytes is not null);
        Assert.True(function.Contains("Temperature", StringComparison.Ordinal) || reading.TemperatureCelsius is not null);
    }
}
