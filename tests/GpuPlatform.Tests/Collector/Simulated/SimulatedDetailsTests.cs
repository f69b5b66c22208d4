using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Simulated;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Simulated;

public sealed class SimulatedDetailsTests : IDisposable
{
    private const int Playing = 120;
    private const int Resting = 240;

    private readonly ManualTimeProvider _clock = new();
    private readonly SimulatedSource _source;

    public SimulatedDetailsTests() => _source = new SimulatedSource(1, _clock);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void An_instant_does_not_depend_on_which_were_asked_before()
    {
        var seldom = new ManualTimeProvider();
        using var other = new SimulatedSource(1, seldom);
        for (var i = 0; i < 50; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            Details(_source, 0);
            Cheap(_source, 0);
        }
        seldom.Advance(TimeSpan.FromSeconds(150));
        Assert.Equal(Cheap(other, 0), Cheap(_source, 0));
        Assert.Equivalent(Details(other, 0), Details(_source, 0), strict: true);
    }

    [Fact]
    public void Clocks_follow_load_and_say_what_holds_them_back()
    {
        var (playing, resting) = (At(Playing), At(Resting - Playing));
        Assert.True(playing.GraphicsClockMegahertz > 2000 && playing.PerformanceState == 0);
        Assert.True(resting.GraphicsClockMegahertz < playing.GraphicsClockMegahertz && resting.PerformanceState > 0);
        Assert.Equal([GpuThrottleReason.Idle], Details(_source, 1).ThrottleReasons);
        Assert.True(playing.ThrottleReasons is [] or [GpuThrottleReason.PowerLimit]);
        Assert.True(playing.PowerThrottleSeconds > 0);
    }

    [Fact]
    public void Fans_stand_still_on_a_cool_board_and_follow_the_heat_later_than_it_comes()
    {
        var board = new SimulatedGpu(new(0, "u", "n"), 1 << 30, 24, 450)
        {
            MaxClockMegahertz = 2700, MaxMemoryClockMegahertz = 10_000, FanCount = 2, FanMaxRpm = 3000, PciBusId = "p", ComputeCapability = "8.9",
        };
        Assert.Equal(0, board.FanPercent(_ => 0, 0));
        var full = board.FanPercent(_ => 1, 0);
        Assert.InRange(full, 60, 100);
        var soon = board.FanPercent(t => t >= 0 ? 1 : 0, 20);
        var heat = (board.Celsius(t => t >= 0 ? 1 : 0, 20) - board.Celsius(_ => 0, 0)) / (board.Celsius(_ => 1, 0) - board.Celsius(_ => 0, 0));
        Assert.True(soon / full < heat, $"fans at {soon / full:P0} of their way, heat at {heat:P0}");
    }

    [Fact]
    public void Every_fan_of_a_hot_board_turns()
    {
        var hot = At(Playing);
        Assert.Equal(hot.Facts!.FanCount, hot.Fans!.Count);
        Assert.All(hot.Fans, fan => Assert.InRange(fan.SpeedPercent!.Value, 30, 100));
        Assert.All(hot.Fans, fan => Assert.InRange(fan.SpeedRpm!.Value, 900, 3200));
    }

    [Fact]
    public void The_energy_counter_is_the_sum_of_the_power()
    {
        var (joules, sum) = (Cheap(_source, 0).EnergyJoules!.Value, 0d);
        for (var i = 0; i < 600; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            var reading = Cheap(_source, 0);
            Assert.True(reading.EnergyJoules >= joules, "a counter does not go back");
            joules = reading.EnergyJoules!.Value;
            sum += reading.PowerWatts!.Value * 0.5;
        }
        Assert.InRange(joules / sum, 0.97, 1.03);
    }

    [Fact]
    public void The_encoder_works_while_the_game_streams_and_the_decoder_while_nobody_plays()
    {
        var playing = At(Playing);
        Assert.True(playing is { EncoderUtilizationPercent: > 10, DecoderUtilizationPercent: 0 });
        Assert.True(Processes(0).Exists(process => process.EncoderPercent == playing.EncoderUtilizationPercent));
        Assert.True(At(Resting - Playing) is { EncoderUtilizationPercent: 0, DecoderUtilizationPercent: > 0 });
    }

    [Fact]
    public void Processes_together_take_no_more_than_the_gpu_gives()
    {
        for (var i = 0; i < 300; i++)
        {
            for (var position = 0; position < 2; position++)
            {
                var utilization = Cheap(_source, position).UtilizationPercent!.Value;
                var sum = Processes(position).Sum(process => process.SmPercent!.Value);
                Assert.InRange(sum, utilization - 6, utilization + 1);
            }
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Facts_say_that_they_are_invented()
    {
        var details = At(0);
        Assert.Equal(("nvidia", "simulated", "simulated"), (details.Facts!.Vendor, details.Facts.Source, details.Facts.DriverVersion));
        Assert.True(details is { Ecc: null, NvLink: null, Xids: [], MigEnabled: false });
    }

    private static GpuReading Cheap(SimulatedSource source, int position)
    {
        var reading = new GpuReading();
        source.Gpus[position].Read(ref reading);
        return reading;
    }

    private static GpuDetails Details(SimulatedSource source, int position) => source.Gpus[position].ReadDetails()!.Value.Details;

    private GpuDetails At(int secondsLater)
    {
        _clock.Advance(TimeSpan.FromSeconds(secondsLater));
        return Details(_source, 0);
    }

    private List<GpuProcessReading> Processes(int position)
    {
        var processes = new List<GpuProcessReading>();
        _source.Gpus[position].ReadProcesses(processes);
        return processes;
    }
}
