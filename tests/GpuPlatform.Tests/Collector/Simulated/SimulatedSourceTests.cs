using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Simulated;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Simulated;

public sealed class SimulatedSourceTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SimulatedSource _source;

    public SimulatedSourceTests() => _source = new SimulatedSource(1, _clock);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void The_same_seed_and_times_give_the_same_readings()
    {
        var (clock, other) = (new ManualTimeProvider(), new ManualTimeProvider());
        var (first, second, third) = (new SimulatedSource(5, clock), new SimulatedSource(5, other), new SimulatedSource(6, other));
        var differing = 0;
        for (var i = 0; i < 200; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            other.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(Read(first), Read(second));
            differing += Read(first).SequenceEqual(Read(third)) ? 0 : 1;
        }
        Assert.True(differing > 100);
    }

    [Fact]
    public void An_instant_does_not_depend_on_which_were_asked_before()
    {
        var (often, seldom) = (new ManualTimeProvider(), new ManualTimeProvider());
        var (first, second) = (new SimulatedSource(1, often), new SimulatedSource(1, seldom));
        for (var i = 0; i < 100; i++)
        {
            often.Advance(TimeSpan.FromSeconds(1));
            Read(first);
        }
        seldom.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(Read(first), Read(second));
    }

    [Fact]
    public void Within_half_a_minute_a_model_and_a_game_run()
    {
        Assert.Contains("ollama", Names());
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("ollama", Names());
        Assert.Contains("StarfallOdyssey", Names());
    }

    [Fact]
    public void Game_and_model_come_and_go_and_come_back_as_other_processes()
    {
        var seen = new List<(string Names, int Pids)>();
        for (var i = 0; i < 300; i++)
        {
            var names = string.Join(' ', Names());
            if (seen.Count == 0 || seen[^1].Names != names)
                seen.Add((names, Pids().Max()));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }
        Assert.True(seen.Count >= 8, $"only {seen.Count} scenes in ten minutes");
        Assert.Contains(seen, scene => scene.Names == "Xorg gnome-shell firefox");
        Assert.True(seen.Select(scene => scene.Pids).Distinct().Count() >= 3);
    }

    [Fact]
    public void Readings_are_plausible_at_every_instant()
    {
        for (var i = 0; i < 1000; i++)
        {
            foreach (var reading in Read(_source))
            {
                Assert.InRange(reading.UtilizationPercent!.Value, 0, 100);
                Assert.InRange(reading.TemperatureCelsius!.Value, 30, 84);
                Assert.InRange(reading.PowerWatts!.Value, 5, 450);
                Assert.InRange(reading.MemoryUsedBytes!.Value, 0, reading.MemoryTotalBytes!.Value);
                Assert.Equal(reading.MemoryTotalBytes, reading.MemoryUsedBytes + reading.MemoryFreeBytes + reading.MemoryReservedBytes);
                Assert.True(reading.MemoryFreeBytes >= 0);
                Assert.Null(reading.Error);
            }
            _clock.Advance(TimeSpan.FromMilliseconds(700));
        }
    }

    [Fact]
    public void Power_follows_load_at_once_and_heat_follows_with_inertia()
    {
        var before = Read(_source)[0];
        _clock.Advance(TimeSpan.FromSeconds(26));
        var playing = Read(_source)[0];
        _clock.Advance(TimeSpan.FromSeconds(120));
        var hot = Read(_source)[0];
        Assert.True(playing.PowerWatts > 300 && playing.UtilizationPercent > 80);
        Assert.True(hot.TemperatureCelsius > playing.TemperatureCelsius && hot.TemperatureCelsius > before.TemperatureCelsius);
    }

    [Fact]
    public void The_model_is_on_both_gpus_and_every_listed_process_has_facts()
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        var second = new List<GpuProcessReading>();
        Assert.True(_source.Gpus[1].ReadProcesses(second));
        Assert.Equal(GpuContext.Compute, Assert.Single(second).Context);
        Assert.Contains(second[0].Pid, Pids());
        foreach (var pid in Pids())
        {
            Assert.True(_source.TryReadStamp(pid, out var stamp));
            Assert.True(stamp.StartedAt < _clock.GetUtcNow());
            var facts = _source.Read(pid);
            Assert.NotNull(facts.ExecutablePath);
            Assert.NotNull(facts.ControlGroup);
            Assert.NotEmpty(facts.Ancestors!);
            Assert.InRange(facts.Name!.Length, 1, 15);
        }
    }

    [Fact]
    public void Everything_says_that_it_is_simulated()
    {
        Assert.Equal("simulated", _source.Info.Name);
        Assert.All(_source.Gpus, gpu => Assert.Contains("simulated", gpu.Identity.Name, StringComparison.Ordinal));
        Assert.EndsWith("-simulated", new NodeOptions().EffectiveId("simulated"), StringComparison.Ordinal);
    }

    private static GpuReading[] Read(SimulatedSource source)
    {
        var readings = new GpuReading[source.Gpus.Count];
        for (var i = 0; i < readings.Length; i++)
            source.Gpus[i].Read(ref readings[i]);
        return readings;
    }

    private List<int> Pids()
    {
        var processes = new List<GpuProcessReading>();
        _source.Gpus[0].ReadProcesses(processes);
        return [.. processes.Select(process => process.Pid)];
    }

    private List<string?> Names() => [.. Pids().Select(pid => _source.Read(pid).Name)];
}
