using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class MigTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly NvmlFixture _nvml;

    public MigTests()
    {
        _nvml = new NvmlFixture(clock: _clock, profiling: true);
        NvmlDoubleMig.IsEnabled = true;
        NvmlDoubleMig.Slots.UnionWith([1, 4]);
    }

    public void Dispose() => _nvml.Dispose();

    private string[] Uuids => _nvml.Source.Open() ? [.. _nvml.Source.Gpus.Select(gpu => gpu.Identity.Uuid)] : [];

    [Fact]
    public void Instances_are_gpus_of_their_own_behind_the_whole_ones()
    {
        var readings = _nvml.Read();
        Assert.Equal(["GPU-0", "GPU-1", "MIG-1", "MIG-4"], Uuids);
        Assert.Equal([0, 1, 2, 3], _nvml.Source.Gpus.Select(gpu => gpu.Identity.Index));
        Assert.Equal([null, null, "GPU-0", "GPU-0"], _nvml.Source.Gpus.Select(gpu => gpu.Identity.ParentUuid));
        Assert.Equal((12L << 30, null, null), (readings[2].MemoryTotalBytes, readings[2].UtilizationPercent, readings[2].PowerWatts));
        Assert.True(_nvml.ReadDetails()!.Value.Details.MigEnabled);
        Assert.False(_nvml.ReadDetails(1)!.Value.Details.MigEnabled);
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void A_process_on_an_instance_is_listed_there_and_not_twice()
    {
        NvmlDoubleProcesses.Compute.AddRange([(7, 500), (8, 600)]);
        NvmlDoubleProcesses.OnInstance.Add(7);
        _nvml.Source.Open();
        Assert.Equal([8], _nvml.ReadProcesses()!.Select(process => process.Pid));
        Assert.Equal([7, 8], _nvml.ReadProcesses(2)!.Select(process => process.Pid));
        Assert.False(NvmlDouble.CallCounts.ContainsKey("nvmlDeviceGetProcessUtilization"));
    }

    [Fact]
    public void A_new_instance_is_found_within_a_minute_and_empty_slots_are_not_asked_meanwhile()
    {
        _nvml.Source.Open();
        NvmlDoubleMig.Slots.Add(6);
        var (before, asked) = (_nvml.Source.Gpus, NvmlDouble.CallCounts["nvmlDeviceGetMigDeviceHandleByIndex"]);
        _clock.Advance(TimeSpan.FromSeconds(59));
        _nvml.ReadDetails();
        Assert.Equal(asked, NvmlDouble.CallCounts["nvmlDeviceGetMigDeviceHandleByIndex"]);
        Assert.Same(before, _nvml.Source.Gpus);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _nvml.ReadDetails();
        Assert.Equal(["GPU-0", "GPU-1", "MIG-1", "MIG-4", "MIG-6"], Uuids);
        Assert.Same(before[2], _nvml.Source.Gpus[2]);
    }

    [Fact]
    public void An_instance_whose_handle_died_goes_with_the_next_details()
    {
        _nvml.Source.Open();
        var gone = _nvml.Source.Gpus[3];
        NvmlDoubleMig.Slots.Remove(4);
        NvmlDouble.FailingDevice = NvmlDoubleMig.FirstHandle + 4 - 1;
        NvmlDouble.StatusByFunction["nvmlDeviceGetMemoryInfo_v2"] = NvmlStatus.InvalidArgument;
        var reading = default(GpuReading);
        gone.Read(ref reading);
        Assert.NotNull(reading.Error);
        Assert.Null(reading.MemoryTotalBytes);
        _nvml.ReadDetails();
        Assert.Equal(["GPU-0", "GPU-1", "MIG-1"], Uuids);
    }

    [Theory]
    [InlineData("nvmlDeviceGetMigDeviceHandleByIndex")]
    [InlineData("nvmlDeviceGetUUID")]
    [InlineData("nvmlDeviceGetMaxMigDeviceCount")]
    public void A_look_that_fails_takes_no_instance_away(string function)
    {
        _nvml.Source.Open();
        NvmlDouble.StatusByFunction[function] = NvmlStatus.Unknown;
        _clock.Advance(TimeSpan.FromMinutes(2));
        _nvml.ReadDetails();
        Assert.Equal(["GPU-0", "GPU-1", "MIG-1", "MIG-4"], Uuids);
    }

    [Fact]
    public void A_change_of_the_mode_asks_anew_what_was_absent()
    {
        NvmlDouble.FailingDevice = 0;
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.NotSupported;
        Assert.Null(_nvml.Read()[0].UtilizationPercent);
        _nvml.ReadDetails();
        NvmlDouble.StatusByFunction.Clear();
        NvmlDoubleMig.IsEnabled = false;
        Assert.Null(_nvml.Read()[0].UtilizationPercent);
        _nvml.ReadDetails();
        Assert.Equal(["GPU-0", "GPU-1"], Uuids);
        Assert.Equal(42, _nvml.Read()[0].UtilizationPercent);
    }

    [Theory]
    [InlineData(NvmlStatus.NotSupported)]
    [InlineData(NvmlStatus.FunctionNotFound)]
    [InlineData(NvmlStatus.Unknown)]
    public void A_driver_that_does_not_tell_the_mode_has_no_instances(object status)
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetMigMode"] = (NvmlStatus)status;
        _nvml.Source.Open();
        Assert.Equal(["GPU-0", "GPU-1"], Uuids);
        Assert.Null(_nvml.ReadDetails()!.Value.Details.MigEnabled);
    }

    [Fact]
    public void How_busy_an_instance_is_comes_from_profiling()
    {
        _nvml.Source.Open();
        Assert.Null(_nvml.Source.Gpus[2].ReadDetails());
        Assert.Equal(2, _nvml.Source.Gpus[2].ReadDetails()!.Value.Details.Profiling!.GraphicsActivityPercent);
        NvmlDouble.StatusByFunction["nvmlGpmMigSampleGet"] = NvmlStatus.GpuIsLost;
        Assert.Null(_nvml.Source.Gpus[2].ReadDetails());
        NvmlDouble.StatusByFunction.Clear();
        Assert.Null(_nvml.Source.Gpus[2].ReadDetails());
        Assert.NotNull(_nvml.Source.Gpus[2].ReadDetails());
        Assert.Equal([2u], NvmlDoubleGpm.Instances);
        _nvml.Source.Dispose();
        Assert.Equal(0, NvmlDoubleGpm.Held);
    }
}
