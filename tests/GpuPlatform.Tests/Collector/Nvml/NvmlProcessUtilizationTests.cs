using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlProcessUtilizationTests : IDisposable
{
    private const string Newer = "nvmlDeviceGetProcessesUtilizationInfo";
    private const string Older = "nvmlDeviceGetProcessUtilization";

    private readonly ManualTimeProvider _clock = new();
    private readonly NvmlFixture _nvml;

    public NvmlProcessUtilizationTests()
    {
        _nvml = new NvmlFixture(clock: _clock);
        NvmlDoubleProcesses.Compute.AddRange([(7, 500), (8, 600)]);
        _nvml.Source.Open();
    }

    public void Dispose() => _nvml.Dispose();

    private ulong Now => (ulong)_clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private GpuProcessReading Process(int pid) => _nvml.ReadProcesses()!.Single(process => process.Pid == pid);

    private static void AssertPercent(GpuProcessReading process, double? sm, double? memory, double? encoder, double? decoder) =>
        Assert.Equal((sm, memory, encoder, decoder), (process.SmPercent, process.MemoryPercent, process.EncoderPercent, process.DecoderPercent));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Samples_are_read_by_either_call(bool older)
    {
        if (older)
            NvmlDouble.StatusByFunction[Newer] = NvmlStatus.NotSupported;
        NvmlDoubleProcesses.Samples.AddRange([new(7, Now - 5000, 50, 20, 3, 4), new(8, Now - 4000, 30, 10, 0, 0)]);
        AssertPercent(Process(7), 50, 20, 3, 4);
        NvmlDoubleProcesses.Samples[0] = new(7, Now - 1000, 51, 21, 4, 5);
        AssertPercent(Process(7), 51, 21, 4, 5);
        Assert.Equal(new GpuProcessReading(7, GpuContext.Compute, 500), Process(7) with { SmPercent = null, MemoryPercent = null, EncoderPercent = null, DecoderPercent = null });
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void The_newest_of_several_samples_counts_in_whatever_order_they_come()
    {
        NvmlDoubleProcesses.Samples.AddRange([new(7, Now - 500_000, 40, 0, 0, 0), new(7, Now - 100, 41, 0, 0, 0), new(7, Now - 900_000, 99, 0, 0, 0)]);
        AssertPercent(Process(7), 41, 0, 0, 0);
    }

    [Fact]
    public void The_driver_is_asked_for_what_is_newer_than_the_last_sample()
    {
        var at = Now - 100;
        NvmlDoubleProcesses.Samples.Add(new(7, at, 40, 0, 0, 0));
        _nvml.ReadProcesses();
        Assert.Equal(0ul, NvmlDoubleProcesses.AskedSince);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _nvml.ReadProcesses();
        Assert.Equal(at, NvmlDoubleProcesses.AskedSince);
    }

    [Fact]
    public void A_sample_of_long_ago_does_not_speak_of_the_present()
    {
        NvmlDoubleProcesses.Samples.Add(new(7, Now - 9_000_000, 80, 0, 0, 0));
        AssertPercent(Process(7), 0, 0, 0, 0);
    }

    [Fact]
    public void A_driver_whose_clock_is_not_the_wall_clock_is_taken_by_its_own()
    {
        NvmlDoubleProcesses.Samples.AddRange([new(7, 70_000_000, 80, 0, 0, 0), new(8, 60_000_000, 70, 0, 0, 0)]);
        AssertPercent(Process(7), 80, 0, 0, 0);
        NvmlDoubleProcesses.Samples.Clear();
        NvmlDoubleProcesses.Samples.AddRange([new(7, 80_000_000, 10, 0, 0, 0), new(8, 60_000_000, 70, 0, 0, 0)]);
        AssertPercent(Process(8), 0, 0, 0, 0);
    }

    [Fact]
    public void An_idle_gpu_keeps_its_processes_at_zero_unless_the_driver_hardly_knows_them()
    {
        NvmlDoubleProcesses.Compute.Add((9, ulong.MaxValue));
        AssertPercent(Process(7), 0, 0, 0, 0);
        AssertPercent(Process(9), null, null, null, null);
        Assert.Empty(_nvml.Errors);
    }

    [Theory]
    [InlineData(NvmlStatus.NotSupported)]
    [InlineData(NvmlStatus.Unknown)]
    [InlineData(NvmlStatus.NoPermission)]
    public void A_call_that_does_not_work_says_nothing_and_leaves_the_list(object status)
    {
        NvmlDouble.StatusByFunction[Newer] = NvmlDouble.StatusByFunction[Older] = (NvmlStatus)status;
        AssertPercent(Process(7), null, null, null, null);
        Assert.Equal(2, _nvml.ReadProcesses()!.Count);
    }

    [Fact]
    public void A_sample_that_cannot_be_makes_its_process_unknown_not_idle()
    {
        NvmlDoubleProcesses.Samples.AddRange([new(7, Now, 4_000_000, 0, 0, 0), new(8, Now, 5, 0, 0, 0)]);
        var processes = _nvml.ReadProcesses()!;
        AssertPercent(processes[0], null, null, null, null);
        AssertPercent(processes[1], 5, 0, 0, 0);
    }

    [Fact]
    public void An_instant_that_cannot_be_does_not_make_all_later_samples_old()
    {
        NvmlDoubleProcesses.Samples.Add(new(7, ulong.MaxValue - 5, 50, 0, 0, 0));
        AssertPercent(Process(7), null, null, null, null);
        NvmlDoubleProcesses.Samples.Clear();
        NvmlDoubleProcesses.Samples.Add(new(7, Now, 60, 0, 0, 0));
        AssertPercent(Process(7), 60, 0, 0, 0);
    }

    [Fact]
    public void More_samples_than_there_is_room_for_are_read_whole()
    {
        for (var i = 0u; i < 1000; i++)
            NvmlDoubleProcesses.Samples.Add(new(100 + i, Now, 1, 1, 1, 1));
        NvmlDoubleProcesses.Samples.Add(new(7, Now, 60, 0, 0, 0));
        AssertPercent(Process(7), 60, 0, 0, 0);
    }
}
