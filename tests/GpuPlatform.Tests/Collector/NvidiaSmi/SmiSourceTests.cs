using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.NvidiaSmi;

public sealed class SmiSourceTests : IDisposable
{
    private static readonly (string, string)[] Card =
    [
        ("index", "0"), ("uuid", "GPU-a"), ("name", "NVIDIA GeForce RTX 3080"), ("driver_version", "580.65.06"), ("utilization.gpu", "37"),
        ("utilization.memory", "12"), ("memory.total", "10240"), ("memory.used", "2048"), ("memory.free", "7900"), ("memory.reserved", "292"),
        ("temperature.gpu", "61"), ("power.draw", "123.45"), ("enforced.power.limit", "320.00"), ("fan.speed", "44"), ("clocks.gr", "1710"),
        ("pstate", "P2"), ("clocks_event_reasons.active", "0x0000000000000024"), ("pcie.link.gen.current", "4"), ("pci.bus_id", "00000000:01:00.0"),
        ("mig.mode.current", "[N/A]"),
    ];

    private readonly SmiProgram _smi = new();

    public void Dispose() => _smi.Dispose();

    [Fact]
    public void Readings_come_in_their_units()
    {
        _smi.Answer(Card);
        Assert.Equal(
            new GpuReading
            {
                UtilizationPercent = 37, MemoryUtilizationPercent = 12, MemoryTotalBytes = 10L << 30, MemoryUsedBytes = 2L << 30,
                MemoryFreeBytes = 7900L << 20, MemoryReservedBytes = 292L << 20, TemperatureCelsius = 61, PowerWatts = 123.45,
            },
            _smi.Read());
        Assert.Equal([new GpuIdentity(0, "GPU-a", "NVIDIA GeForce RTX 3080")], _smi.Source.Gpus.Select(gpu => gpu.Identity));
        Assert.Equal(new SourceInfo("nvidia-smi") { DriverVersion = "580.65.06" }, _smi.Source.Info);
    }

    [Fact]
    public void Details_come_with_one_more_run_for_all_gpus()
    {
        _smi.Answer(Card, [.. Card.Skip(2), ("index", "1"), ("uuid", "GPU-b")]);
        _smi.Source.Open();
        var details = _smi.Source.Gpus.Select(gpu => gpu.ReadDetails()).ToList();
        Assert.Equal(2, _smi.RunCount);
        Assert.All(details, detail => Assert.Equal((320d, 1710d, 2, 4), (
            detail!.Value.PowerLimitWatts, detail.Value.Details.GraphicsClockMegahertz, detail.Value.Details.PerformanceState,
            detail.Value.Details.PcieGeneration)));
        Assert.Equal([GpuThrottleReason.PowerLimit, GpuThrottleReason.SoftwareThermal], details[0]!.Value.Details.ThrottleReasons);
        Assert.Equal(44, Assert.Single(details[0]!.Value.Details.Fans!).SpeedPercent);
        Assert.Null(details[0]!.Value.Details.Ecc);
        Assert.Null(details[0]!.Value.Details.MigEnabled);
        Assert.Equal(("0000:01:00.0", "nvidia"), (details[0]!.Value.Details.Facts!.PciBusId, details[0]!.Value.Details.Facts!.Vendor));
    }

    [Theory]
    [InlineData("[N/A]")]
    [InlineData("N/A")]
    [InlineData("[Not Supported]")]
    [InlineData("[Unknown Error]")]
    [InlineData("[GPU requires reset]")]
    [InlineData("ERR!")]
    [InlineData("")]
    [InlineData("-1e309")]
    [InlineData("NaN")]
    [InlineData("18446744073709551615")]
    [InlineData("12 W")]
    public void What_is_not_wholly_a_number_is_null_not_zero(string text)
    {
        _smi.Answer([("index", "0"), ("uuid", "GPU-a"), ("utilization.gpu", text), ("memory.total", text), ("temperature.gpu", text), ("power.draw", text)]);
        Assert.Equal(default, _smi.Read());
    }

    [Fact]
    public void Zero_is_zero()
    {
        _smi.Answer([("index", "0"), ("uuid", "GPU-a"), ("utilization.gpu", "0"), ("power.draw", "0.00")]);
        Assert.Equal((0d, 0d), (_smi.Read().UtilizationPercent, _smi.Read().PowerWatts));
    }

    [Fact]
    public void A_field_that_this_release_does_not_know_is_left_out_from_then_on()
    {
        _smi.Say("""
            case "$1" in *memory.reserved*) echo 'Field "memory.reserved" is not a valid field to query.'; exit 2;; esac
            echo '0, GPU-a, Card, 470.1, 5, 6, 1024, 512, 512, 44, 55.5'
            """);
        Assert.Equal((5d, 512L << 20, null, 44d, 55.5), (_smi.Read().UtilizationPercent, _smi.Read().MemoryUsedBytes,
            _smi.Read().MemoryReservedBytes, _smi.Read().TemperatureCelsius, _smi.Read().PowerWatts));
        Assert.Equal(6, _smi.RunCount);
    }

    [Fact]
    public void A_program_that_fails_is_the_reason_and_its_gpus_stay_with_it()
    {
        _smi.Say("echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9");
        Assert.False(_smi.Source.Open());
        Assert.Contains("code 9: NVIDIA-SMI has failed", _smi.Source.Info.UnavailableReason, StringComparison.Ordinal);
        _smi.Answer(Card);
        Assert.Equal(37, _smi.Read().UtilizationPercent);
        _smi.Say("echo 'GPU is lost' >&2; exit 15");
        Assert.Equal(new GpuReading { Error = "nvidia-smi ended with code 15: GPU is lost" }, _smi.Read());
    }

    [Fact]
    public void A_program_that_does_not_end_is_stopped()
    {
        using var smi = new SmiProgram(TimeSpan.FromMilliseconds(200));
        smi.Say("exec sleep 600");
        Assert.False(smi.Source.Open());
        Assert.Contains("was stopped", smi.Source.Info.UnavailableReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_that_is_no_longer_listed_leaves_the_list()
    {
        _smi.Answer(Card, [.. Card.Skip(2), ("index", "1"), ("uuid", "GPU-b")]);
        _smi.Source.Open();
        var listed = _smi.Source.Gpus;
        _smi.Source.Open();
        Assert.Same(listed, _smi.Source.Gpus);
        _smi.Answer(Card);
        _smi.Source.Open();
        Assert.Single(_smi.Source.Gpus);
    }

    [Fact]
    public void Lines_that_are_no_rows_are_none()
    {
        _smi.Say("""
            echo 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error'
            echo '1, GPU-b, Card, 580.1, 5, 6, 1024, 512, 500, 12, 44, 55.5'
            echo ',,,,,,,,,,,'
            echo 'x, GPU-c, Card, 580.1, 5, 6, 1024, 512, 500, 12, 44, 55.5'
            head -c 3000000 /dev/urandom | base64
            """);
        Assert.True(_smi.Source.Open());
        Assert.Equal("GPU-b", Assert.Single(_smi.Source.Gpus).Identity.Uuid);
    }

    [Fact]
    public void Processes_belong_to_their_gpu_and_unknown_memory_is_null()
    {
        _smi.Say("""
            case "$1" in
            --query-compute-apps=*) printf 'GPU-a, 4711, 600\nGPU-a, 4712, [N/A]\nGPU-b, 4713, 1\nGPU-a, [Insufficient Permissions], 1\nGPU-a, 4711, 600\n';;
            *) echo '0, GPU-a, Card, 580.1, 5, 6, 1024, 512, 500, 12, 44, 55.5';;
            esac
            """);
        _smi.Source.Open();
        var processes = new List<GpuProcessReading>();
        Assert.True(_smi.Source.Gpus[0].ReadProcesses(processes));
        Assert.Equal([new(4711, GpuContext.Compute, 600L << 20), new(4712, GpuContext.Compute, null)], processes);
        _smi.Say("exit 1");
        _smi.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_smi.Source.Gpus[0].ReadProcesses(processes));
        Assert.Empty(processes);
    }

    [Fact]
    public void While_a_gpu_sleeps_the_program_is_not_run()
    {
        _smi.Answer(Card);
        _smi.Source.Open();
        var device = Directory.CreateDirectory(Path.Combine(_smi.Root, "sys/bus/pci/devices/0000:01:00.0/power")).Parent!.FullName;
        File.WriteAllText(Path.Combine(device, "vendor"), "0x10de\n");
        File.WriteAllText(Path.Combine(device, "class"), "0x030000\n");
        File.WriteAllText(Path.Combine(device, "power/runtime_status"), "suspended\n");
        var runs = _smi.RunCount;
        Assert.True(_smi.Source.Open());
        Assert.True(_smi.Source.Gpus[0].IsAsleep());
        Assert.Equal(runs, _smi.RunCount);
        File.WriteAllText(Path.Combine(device, "power/runtime_status"), "active\n");
        Assert.False(_smi.Source.Gpus[0].IsAsleep());
    }

    [Fact]
    public void A_host_without_the_program_says_so()
    {
        var command = new GpuPlatform.Collector.NvidiaSmi.SmiCommand("/nonexistent/nvidia-smi", TimeSpan.FromSeconds(60));
        Assert.Contains("could not be run", command.Run("--help").Failure, StringComparison.Ordinal);
    }
}
