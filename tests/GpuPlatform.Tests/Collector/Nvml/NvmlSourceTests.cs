using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlSourceTests : IDisposable
{
    private readonly NvmlFixture _nvml = new();

    public void Dispose() => _nvml.Dispose();

    [Fact]
    public void Every_reading_comes_through_the_marshalling_in_its_unit()
    {
        var readings = _nvml.Read();
        Assert.Equal(2, readings.Length);
        Assert.All(readings, reading => Assert.Equal(
            new GpuReading
            {
                UtilizationPercent = 42,
                MemoryUtilizationPercent = 17,
                MemoryTotalBytes = 24L << 30,
                MemoryUsedBytes = 6L << 30,
                MemoryFreeBytes = (24L << 30) - (1L << 29) - (6L << 30),
                MemoryReservedBytes = 1L << 29,
                TemperatureCelsius = 61,
                PowerWatts = 123.456,
                EnergyJoules = 9_876_543.21,
            },
            reading));
        Assert.Equal(
            [new GpuIdentity(0, "GPU-0", "NVIDIA Double"), new GpuIdentity(1, "GPU-1", "NVIDIA Double")],
            _nvml.Source.Gpus.Select(gpu => gpu.Identity));
        Assert.Equal(450, _nvml.Source.Gpus[0].ReadDetails()?.PowerLimitWatts);
        var info = new SourceInfo("nvml") { DriverVersion = "580.65.06", CudaVersion = "12.2", NvmlVersion = "12.580.65.06" };
        Assert.Equal(info, _nvml.Source.Info);
        Assert.Empty(_nvml.Errors);
    }

    [Fact]
    public void A_steady_reading_allocates_nothing()
    {
        NvmlDoubleProcesses.Compute.Add((4711, 1 << 30));
        NvmlDoubleProcesses.Graphics.Add((4711, 1 << 30));
        var readings = _nvml.Read();
        var processes = new List<GpuProcessReading>(16);
        Tick();
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
                Tick();
        }));
        Assert.Single(processes);

        void Tick()
        {
            _nvml.Source.Open();
            _nvml.Source.Gpus[0].Read(ref readings[0]);
            _nvml.Source.Gpus[0].ReadProcesses(processes);
        }
    }

    [Theory]
    [InlineData(NvmlStatus.DriverNotLoaded, "modprobe nvidia")]
    [InlineData(NvmlStatus.LibRmVersionMismatch, "start the machine again")]
    [InlineData(NvmlStatus.NoPermission, "/dev/nvidiactl")]
    [InlineData((NvmlStatus)4242, "code 4242")]
    public void A_driver_that_does_not_start_says_what_to_do(object status, string expected)
    {
        NvmlDouble.StatusByFunction["nvmlInit"] = (NvmlStatus)status;
        Assert.False(_nvml.Source.Open());
        Assert.Equal("none", _nvml.Source.Info.Name);
        Assert.Contains(expected, _nvml.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Empty(_nvml.Source.Gpus);
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        _nvml.LibraryMissing = true;
        Assert.False(_nvml.Source.Open());
        Assert.Contains(NvmlLibrary.Candidates[0], _nvml.Source.Info.UnavailableReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_loaded_later_is_found_by_the_next_open()
    {
        NvmlDouble.StatusByFunction["nvmlInit"] = NvmlStatus.DriverNotLoaded;
        Assert.False(_nvml.Source.Open());
        NvmlDouble.StatusByFunction.Clear();
        Assert.True(_nvml.Source.Open());
        Assert.Null(_nvml.Source.Info.UnavailableReason);
    }

    [Fact]
    public void A_lost_gpu_says_so_and_leaves_the_others_alone()
    {
        _nvml.Source.Open();
        NvmlDouble.FailingDevice = 0;
        foreach (var function in NvmlDouble.Functions)
            NvmlDouble.StatusByFunction[function] = NvmlStatus.GpuIsLost;
        var readings = _nvml.Read();
        Assert.Contains("lost", readings[0].Error, StringComparison.Ordinal);
        Assert.Null(readings[0].MemoryTotalBytes);
        Assert.Null(readings[1].Error);
        Assert.Equal(42, readings[1].UtilizationPercent);
        Assert.Equal(["nvmlDeviceGetUtilizationRates 15"], _nvml.Errors);
    }

    [Fact]
    public void A_lost_session_is_opened_again_and_the_old_one_closed()
    {
        _nvml.Source.Open();
        NvmlDouble.StatusByFunction["nvmlDeviceGetPowerUsage"] = NvmlStatus.Uninitialized;
        Assert.All(_nvml.Read(), reading => Assert.NotNull(reading.Error));
        NvmlDouble.StatusByFunction.Clear();
        Assert.All(_nvml.Read(), reading => Assert.Equal(42, reading.UtilizationPercent));
        Assert.Equal((2, 1), (NvmlDouble.InitCount, NvmlDouble.ShutdownCount));
    }

    [Theory]
    [InlineData("nvmlDeviceGetUtilizationRates")]
    [InlineData("nvmlDeviceGetPowerUsage")]
    [InlineData("nvmlDeviceGetGraphicsRunningProcesses")]
    public void A_driver_that_ends_every_session_at_the_first_reading_is_not_available(string function)
    {
        NvmlDouble.FailingDevice = 1;
        NvmlDouble.StatusByFunction[function] = NvmlStatus.Uninitialized;
        Assert.False(_nvml.Source.Open());
        Assert.Contains("ends the session", _nvml.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Equal(("none", "580.65.06"), (_nvml.Source.Info.Name, _nvml.Source.Info.DriverVersion));
        Assert.Empty(_nvml.Source.Gpus);
        Assert.Equal((1, 1), (NvmlDouble.InitCount, NvmlDouble.ShutdownCount));
    }

    [Fact]
    public async Task A_source_is_not_closed_under_a_call_that_hangs()
    {
        _nvml.Source.Open();
        using var release = new ManualResetEventSlim();
        NvmlDouble.HangUntil = release;
        var (gpu, reading) = (_nvml.Source.Gpus[0], default(GpuReading));
        var call = Task.Run(() => gpu.Read(ref reading));
        await Until.True(() => NvmlDouble.Hangs);
        _nvml.Source.Dispose();
        Assert.Equal(0, NvmlDouble.ShutdownCount);
        release.Set();
        await call;
        Assert.Equal(42, reading.UtilizationPercent);
    }

    [Fact]
    public void A_gpu_that_cannot_be_opened_leaves_the_others()
    {
        NvmlDouble.FailingDevice = 0;
        NvmlDouble.StatusByFunction["nvmlDeviceGetHandleByIndex"] = NvmlStatus.NoPermission;
        Assert.True(_nvml.Source.Open());
        Assert.Equal("GPU-1", Assert.Single(_nvml.Source.Gpus).Identity.Uuid);
        Assert.Equal("GPU 0 cannot be opened: no permission to read the GPU", _nvml.Source.Info.Missing);
    }

    [Theory]
    [InlineData(0u, "lists no GPU")]
    [InlineData(uint.MaxValue, "cannot count")]
    public void A_driver_without_gpus_is_a_reason_and_is_closed_again(uint count, string expected)
    {
        NvmlDouble.DeviceCountValue = count;
        Assert.False(_nvml.Source.Open());
        Assert.Contains(expected, _nvml.Source.Info.UnavailableReason, StringComparison.Ordinal);
        Assert.Equal("580.65.06", _nvml.Source.Info.DriverVersion);
        Assert.Equal(1, NvmlDouble.ShutdownCount);
    }

    [Fact]
    public void Two_gpus_with_one_uuid_are_one()
    {
        NvmlDouble.UuidBytes = "GPU-same\0"u8.ToArray();
        _nvml.Source.Open();
        Assert.Single(_nvml.Source.Gpus);
    }

    [Fact]
    public void Text_without_an_end_or_without_sense_is_taken_as_far_as_it_goes()
    {
        NvmlDouble.NameBytes = [.. Enumerable.Repeat((byte)'x', 200)];
        NvmlDouble.DriverVersionBytes = [0xff, 0xfe, (byte)'5', 0x1b, 0];
        _nvml.Source.Open();
        Assert.Equal(new string('x', NvmlText.BufferBytes), _nvml.Source.Gpus[0].Identity.Name);
        Assert.Equal("\ufffd\ufffd5", _nvml.Source.Info.DriverVersion);
    }

    [Theory]
    [InlineData(12020u, "12.2")]
    [InlineData(13000u, "13.0")]
    [InlineData(11080u, "11.8")]
    [InlineData(0u, null)]
    [InlineData(uint.MaxValue, null)]
    public void Cuda_versions_are_written_as_people_do(uint number, string? expected) =>
        Assert.Equal(expected, NvmlText.CudaVersion(number));
}
