using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Benchmarks;

/// <summary>What the sampler does at a tick on which neither details nor processes are due, but for the message it makes of it.</summary>
internal sealed class CheapTick : IDisposable
{
    private readonly DriverRound _round = new(TimeSpan.FromMinutes(1));
    private readonly GpuRoster _roster;
    private readonly SamplingPace _pace;
    private readonly List<GpuLane> _calls = [];

    /// <exception cref="InvalidOperationException">The source does not list as many GPUs as expected.</exception>
    public CheapTick(IGpuSource source, int gpuCount)
    {
        var never = TimeSpan.FromDays(1);
        var options = new SamplingOptions { DetailInterval = never, ProcessInterval = never };
        _roster = new GpuRoster([source], TimeSpan.FromSeconds(10), TimeProvider.System);
        _pace = new SamplingPace(Options.Create(options), TimeProvider.System);
        Run();
        if (_calls.Count != gpuCount)
            throw new InvalidOperationException(_roster.Info.UnavailableReason ?? "the driver double lost a GPU");
    }

    public IEnumerable<GpuLane> Lanes => _calls;

    public void Run()
    {
        _round.Begin(_roster.Openings);
        _round.Continue();
        _roster.TakeOver();
        _calls.Clear();
        for (var i = 0; i < _roster.Entries.Count; i++)
        {
            _roster.Entries[i].Lane.Prepare(asked: null, _pace);
            _calls.Add(_roster.Entries[i].Lane);
        }
        _round.Begin(_calls);
        _round.Continue();
        foreach (var lane in _calls)
            lane.Conclude();
    }

    public void Dispose() => _roster.Dispose();
}
