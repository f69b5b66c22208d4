using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Simulated;
using GpuPlatform.Tests.Collector.Guard;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Simulated;

public sealed class SimulatedServerTests : IDisposable
{
    private const long GiB = 1L << 30;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _clock = new();
    private readonly SimulatedSource _source;

    public SimulatedServerTests() => _source = new SimulatedSource(1, _clock);

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task A_model_that_is_told_to_leave_takes_its_memory_on_both_boards_with_it()
    {
        var before = Used();

        var leaving = _source.Server.UnloadAsync(SimulatedServer.Server, [SimulatedServer.Model], TestContext.Current.CancellationToken);
        _clock.Advance(SimulatedServer.UnloadTakes - Soon);
        Assert.Equal(before, Used());
        Assert.Equal([SimulatedServer.Model], await ResidentAsync());
        _clock.Advance(Soon + Soon);

        Assert.Null(await leaving);
        Assert.Empty(await ResidentAsync());
        Assert.True(before[0] - Used()[0] > 10 * GiB, "the first board has its memory still");
        Assert.Equal(0, Used()[1]);
        Assert.Null(ModelPid());
        // It loads nothing while it is away
        Assert.Equal(0, Read(1).UtilizationPercent);
    }

    [Fact]
    public async Task It_stays_away_until_requests_pass_and_comes_back_as_another_process()
    {
        var first = ModelPid();
        await UnloadAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(ModelPid());

        var gate = new SimulatedGate(new GateDouble(), _source.Server);
        gate.Set(SimulatedServer.Name, new GateSetting(0, WaitingPolicy.Hold, "a game"));
        _clock.Advance(SimulatedServer.LoadTakes + Soon);
        Assert.Null(ModelPid());

        gate.Set(SimulatedServer.Name, GateSetting.Open);
        _clock.Advance(SimulatedServer.LoadTakes + Soon);

        Assert.NotNull(ModelPid());
        Assert.NotEqual(first, ModelPid());
        Assert.True(_source.TryReadStamp(ModelPid()!.Value, out var stamp));
        Assert.Equal(Soon, _clock.GetUtcNow() - stamp.StartedAt);
    }

    [Fact]
    public async Task Told_to_leave_on_its_way_back_it_stays_away()
    {
        await UnloadAsync();
        _source.Server.LetThrough();
        _clock.Advance(SimulatedServer.LoadTakes - Soon);
        await UnloadAsync();
        _clock.Advance(SimulatedServer.LoadTakes);

        Assert.Empty(await ResidentAsync());
    }

    [Fact]
    public void What_was_once_true_of_an_instant_stays_so()
    {
        var absence = new ModelAbsence();
        absence.Begin(10);
        absence.End(30);
        absence.Begin(50);

        Assert.Equal([false, true, true, false, false, true], new double[] { 9.9, 10, 29.9, 30, 49.9, 1e9 }.Select(absence.At));
        Assert.Equal(((0, null), (1, 30d)), (absence.Returns(29.9), absence.Returns(1e9)));
    }

    [Fact]
    public async Task Readings_with_hand_overs_do_not_depend_on_which_were_asked_before_either()
    {
        var other = new ManualTimeProvider();
        using var seldom = new SimulatedSource(1, other);
        var leaving = seldom.Server.UnloadAsync(SimulatedServer.Server, [SimulatedServer.Model], TestContext.Current.CancellationToken);
        await UnloadAsync();
        other.Advance(SimulatedServer.UnloadTakes);
        await leaving;
        for (var i = 0; i < 100; i++)
        {
            if (i == 50) _source.Server.LetThrough();
            _clock.Advance(TimeSpan.FromSeconds(1));
            Read(0);
        }
        other.Advance(TimeSpan.FromSeconds(50));
        seldom.Server.LetThrough();
        other.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal([Read(0), Read(1)], [Read(0, seldom), Read(1, seldom)]);
    }

    [Fact]
    public void Requests_to_real_servers_meet_their_own_gates()
    {
        var real = new GateDouble();
        var gate = new SimulatedGate(real, _source.Server);

        gate.Set(SimulatedServer.Name, new GateSetting(0, WaitingPolicy.Hold, "a game"));
        Assert.Empty(real.Settings);
        gate.Set("ollama", GateSetting.Open);

        Assert.Equal("ollama", Assert.Single(real.Settings).Key);
    }

    private async Task UnloadAsync()
    {
        var leaving = _source.Server.UnloadAsync(SimulatedServer.Server, [SimulatedServer.Model], TestContext.Current.CancellationToken);
        _clock.Advance(SimulatedServer.UnloadTakes);
        await leaving;
    }

    private async Task<IReadOnlyList<string>> ResidentAsync() => (await _source.Server.LookAsync(SimulatedServer.Server, TestContext.Current.CancellationToken)).Resident!;

    private long[] Used() => [Read(0).MemoryUsedBytes!.Value, Read(1).MemoryUsedBytes!.Value];

    private GpuReading Read(int position, SimulatedSource? source = null)
    {
        var reading = new GpuReading();
        (source ?? _source).Gpus[position].Read(ref reading);
        return reading;
    }

    private int? ModelPid()
    {
        var processes = new List<GpuProcessReading>();
        _source.Gpus[1].ReadProcesses(processes);
        return processes.Count == 0 ? null : Assert.Single(processes).Pid;
    }
}
