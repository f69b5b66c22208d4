using GpuPlatform.Collector.Guard;

namespace GpuPlatform.Collector.Simulated;

/// <summary>The gates of the real servers, and that of the invented one, to which no real request ever comes.</summary>
internal sealed class SimulatedGate(IModelGate real, SimulatedServer invented) : IModelGate
{
    public event Action? Changed
    {
        add => real.Changed += value;
        remove => real.Changed -= value;
    }

    public void Set(string server, GateSetting setting)
    {
        if (server != SimulatedServer.Name) real.Set(server, setting);
        else if (setting.Limit != 0) invented.LetThrough();
    }

    public int RunningCount(string server) => server == SimulatedServer.Name ? 0 : real.RunningCount(server);

    public int HeldCount(string server) => server == SimulatedServer.Name ? 0 : real.HeldCount(server);

    public int CancelRunning(string server, string reason) => server == SimulatedServer.Name ? 0 : real.CancelRunning(server, reason);
}
