using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Opens and closes the way to each server by the states of the GPUs it may use: any of them that is not for models closes it.</summary>
internal sealed class ServerGates(IModelGate gate, GuardOptions options)
{
    private readonly Dictionary<string, GateSetting> _set = [];

    public void Set(IEnumerable<(string Server, IReadOnlyList<GuardedGpu> Gpus)> servers)
    {
        foreach (var (server, gpus) in servers)
        {
            var setting = For(gpus);
            if (_set.GetValueOrDefault(server, GateSetting.Open) == setting) continue;
            _set[server] = setting;
            gate.Set(server, setting);
        }
    }

    public bool IsOpen(string server) => _set.GetValueOrDefault(server, GateSetting.Open).Limit != 0;

    private GateSetting For(IReadOnlyList<GuardedGpu> gpus)
    {
        if (gpus.FirstOrDefault(gpu => !gpu.Machine.IsOpen) is { Machine: var machine })
            return new GateSetting(0, options.WaitingPolicy, machine.Demand?.Reason ?? machine.Reason);
        // Heat passes by itself: whoever comes waits, whatever else is set
        return gpus.MaxBy(gpu => gpu.Throttle.Level)?.Throttle is { Level: not ThrottleLevel.None } throttle
            ? new GateSetting(throttle.Level == ThrottleLevel.Held ? 0 : options.ThrottleLimit, WaitingPolicy.Hold, throttle.Reason)
            : GateSetting.Open;
    }
}
