using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>What docs/nvml-calls.md says a tick costs.</summary>
[Collection(nameof(NvmlDouble))]
public sealed class NvmlCallsTests : IDisposable
{
    private readonly NvmlFixture _nvml = new();
    private readonly int _callsWithFacts;

    public NvmlCallsTests()
    {
        NvmlDouble.DeviceCountValue = 1;
        NvmlDoubleProcesses.Compute.Add((7, 1));
        NvmlDoubleProcesses.Samples.Add(new(7, 5, 1, 1, 1, 1));
        // Once, so that what is asked once has been
        _nvml.Read();
        NvmlDouble.CallCounts.Clear();
        _nvml.ReadDetails();
        _callsWithFacts = NvmlDouble.CallCounts.Values.Sum();
        NvmlDouble.CallCounts.Clear();
    }

    public void Dispose() => _nvml.Dispose();

    [Fact]
    public void A_tick_of_the_cheap_tier_is_five_calls()
    {
        _nvml.Read();
        AssertCalls(("nvmlDeviceGetMemoryInfo_v2", 1), ("nvmlDeviceGetPowerUsage", 1), ("nvmlDeviceGetTemperatureV", 1),
            ("nvmlDeviceGetTotalEnergyConsumption", 1), ("nvmlDeviceGetUtilizationRates", 1));
    }

    [Fact]
    public void A_tick_of_the_dear_tier_is_fourteen_calls_and_two_for_each_fan_and_the_first_has_seventeen_more()
    {
        _nvml.ReadDetails();
        AssertCalls(("nvmlDeviceGetClockInfo", 4), ("nvmlDeviceGetCurrPcieLinkGeneration", 1), ("nvmlDeviceGetCurrPcieLinkWidth", 1),
            ("nvmlDeviceGetCurrentClocksEventReasons", 1), ("nvmlDeviceGetDecoderUtilization", 1), ("nvmlDeviceGetEncoderUtilization", 1),
            ("nvmlDeviceGetEnforcedPowerLimit", 1), ("nvmlDeviceGetFanSpeedRPM", 2), ("nvmlDeviceGetFanSpeed_v2", 2),
            ("nvmlDeviceGetFieldValues", 1), ("nvmlDeviceGetMarginTemperature", 1), ("nvmlDeviceGetMigMode", 1),
            ("nvmlDeviceGetPerformanceState", 1));
        Assert.Equal((14 + 2 * 2, 17), (NvmlDouble.CallCounts.Values.Sum(), _callsWithFacts - NvmlDouble.CallCounts.Values.Sum()));
    }

    [Fact]
    public void A_reading_of_the_processes_is_four_calls()
    {
        _nvml.ReadProcesses();
        AssertCalls(("nvmlDeviceGetComputeRunningProcesses", 1), ("nvmlDeviceGetGraphicsRunningProcesses", 1),
            ("nvmlDeviceGetMPSComputeRunningProcesses", 1), ("nvmlDeviceGetProcessesUtilizationInfo", 1));
    }

    [Fact]
    public void A_gpu_that_has_nothing_is_not_asked_at_all()
    {
        foreach (var function in NvmlDoubleReadings.Functions.Concat(NvmlDoubleDetails.Functions).Concat(NvmlDoubleProcesses.Functions))
            NvmlDouble.StatusByFunction[function] = NvmlStatus.NotSupported;
        ReadAll();
        NvmlDouble.CallCounts.Clear();
        ReadAll();
        AssertCalls(("nvmlDeviceGetMigMode", 1));
        Assert.Empty(_nvml.Errors);

        void ReadAll()
        {
            _nvml.Read();
            _nvml.ReadDetails();
            _nvml.ReadProcesses();
        }
    }

    [Fact]
    public void Every_function_that_is_looked_up_is_in_the_double()
    {
        var names = NvmlDouble.Functions.Concat(NvmlHostDouble.Functions).ToHashSet();
        var unknown = NvmlDouble.ResolvedSymbols.Where(symbol => !names.Contains(symbol) && !names.Contains(symbol[..^3]));
        Assert.Empty(unknown);
        Assert.Equal(names.Count, NvmlDouble.Functions.Length + NvmlHostDouble.Functions.Length);
    }

    // The counting of GPUs, their handles and names belong to the opening
    private static void AssertCalls(params (string Function, int Count)[] expected) =>
        Assert.Equal(expected, NvmlDouble.CallCounts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, count.Value)));
}
