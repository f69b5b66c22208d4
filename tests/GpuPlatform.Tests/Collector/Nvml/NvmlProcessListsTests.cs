using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlProcessListsTests : IDisposable
{
    private readonly NvmlFixture _nvml = new();

    public NvmlProcessListsTests()
    {
        // How busy they are is another matter
        NvmlDouble.StatusByFunction["nvmlDeviceGetProcessesUtilizationInfo"] = NvmlStatus.NotSupported;
        NvmlDouble.StatusByFunction["nvmlDeviceGetProcessUtilization"] = NvmlStatus.NotSupported;
    }

    public void Dispose() => _nvml.Dispose();

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Entries_are_read_whatever_layout_the_library_writes(int stride)
    {
        NvmlDoubleProcesses.Stride = stride;
        NvmlDoubleProcesses.Compute.AddRange([(101, 1_000), (102, 2_000), (103, 3_000)]);
        Assert.Equal(
            [new(101, GpuContext.Compute, 1_000), new(102, GpuContext.Compute, 2_000), new(103, GpuContext.Compute, 3_000)],
            _nvml.ReadProcesses());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void A_single_entry_is_enough_to_tell_the_layout(int stride)
    {
        NvmlDoubleProcesses.Stride = stride;
        NvmlDoubleProcesses.Compute.Add((101, 7));
        Assert.Equal([new(101, GpuContext.Compute, 7)], _nvml.ReadProcesses());
    }

    [Fact]
    public void A_process_in_several_lists_is_one_with_its_contexts_and_its_memory_once()
    {
        NvmlDoubleProcesses.Compute.AddRange([(7, 500), (8, 1)]);
        NvmlDoubleProcesses.Graphics.AddRange([(7, 500), (9, 2)]);
        NvmlDoubleProcesses.Mps.AddRange([(8, 3), (10, 4)]);
        Assert.Equal(
            [new(7, GpuContext.ComputeAndGraphics, 500), new(8, GpuContext.Compute, 3), new(9, GpuContext.Graphics, 2), new(10, GpuContext.Compute, 4)],
            _nvml.ReadProcesses());
    }

    [Fact]
    public void A_list_longer_than_the_buffer_is_read_whole()
    {
        for (var pid = 1u; pid <= 1000; pid++)
            NvmlDoubleProcesses.Compute.Add((pid, pid));
        Assert.Equal(Enumerable.Range(1, 1000), _nvml.ReadProcesses()!.Select(process => process.Pid));
    }

    [Fact]
    public void A_library_that_always_asks_for_more_is_given_up_and_counted()
    {
        _nvml.Source.Open();
        NvmlDouble.StatusByFunction["nvmlDeviceGetComputeRunningProcesses"] = NvmlStatus.InsufficientSize;
        Assert.Null(_nvml.ReadProcesses());
        Assert.Equal(["nvmlDeviceGetComputeRunningProcesses 7"], _nvml.Errors);
    }

    [Fact]
    public void Memory_the_driver_does_not_know_is_null()
    {
        NvmlDoubleProcesses.Compute.Add((7, ulong.MaxValue));
        Assert.Equal([new(7, GpuContext.Compute, null)], _nvml.ReadProcesses());
    }

    [Fact]
    public void Garbage_pids_make_the_list_unknown_instead_of_inventing_processes()
    {
        _nvml.Source.Open();
        NvmlDoubleProcesses.Compute.AddRange([(7, 1), (0xDEADBEEF, 1)]);
        Assert.Null(_nvml.ReadProcesses());
        Assert.Equal(["nvmlDeviceGetComputeRunningProcesses implausible"], _nvml.Errors);
    }

    [Fact]
    public void A_failed_list_makes_the_answer_unknown_an_absent_one_does_not()
    {
        NvmlDoubleProcesses.Compute.Add((7, 1));
        NvmlDouble.StatusByFunction["nvmlDeviceGetGraphicsRunningProcesses"] = NvmlStatus.Unknown;
        Assert.Null(_nvml.ReadProcesses());
        NvmlDouble.StatusByFunction["nvmlDeviceGetGraphicsRunningProcesses"] = NvmlStatus.NotSupported;
        Assert.Equal(7, Assert.Single(_nvml.ReadProcesses()!).Pid);
        NvmlDouble.StatusByFunction["nvmlDeviceGetComputeRunningProcesses"] = NvmlStatus.NotSupported;
        Assert.Empty(_nvml.ReadProcesses()!);
        NvmlDouble.StatusByFunction["nvmlDeviceGetMPSComputeRunningProcesses"] = NvmlStatus.NotSupported;
        Assert.Null(_nvml.ReadProcesses());
    }

    [Theory]
    [InlineData("_v3")]
    [InlineData("_v3", "_v2")]
    public void Older_names_are_used_where_the_newest_is_missing(params string[] missing)
    {
        using var nvml = new NvmlFixture();
        NvmlDouble.MissingSymbols.UnionWith(missing.Select(suffix => $"nvmlDeviceGetComputeRunningProcesses{suffix}"));
        NvmlDoubleProcesses.Stride = missing.Length == 2 ? 16 : 24;
        NvmlDoubleProcesses.Compute.AddRange([(7, 1), (8, 2)]);
        Assert.Equal([7, 8], nvml.ReadProcesses()!.Select(process => process.Pid));
    }

    [Fact]
    public void A_library_that_clears_the_room_behind_its_entries_is_not_taken_for_wider()
    {
        var buffer = new byte[10 * ProcessEntries.WidestBytes];
        ProcessEntries.Prepare(buffer);
        buffer.AsSpan().Clear();
        for (var i = 0; i < 5; i++)
            buffer[i * 24] = (byte)(i + 1);
        Assert.Equal(24, ProcessEntries.Stride(buffer, 5));
    }
}
