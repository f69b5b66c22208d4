using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Reads one GPU. Calls go out in a fixed order; a GPU found lost is not asked further on this tick.</summary>
internal sealed class NvmlGpu(NvmlSession session, NvmlApi api, NvmlStatusFunnel funnel, NvmlDevice device, GpuIdentity identity) : IGpu
{
    // No board draws a megawatt and no core is hotter than its solder: beyond these a value is a driver's garbage
    private const uint PlausibleMilliwatts = 1_000_000;
    private const int PlausibleCelsius = 200;

    private readonly NvmlProcessLists _processLists = new(api, funnel);
    private NvmlStatus _failure;
    private NvmlOutcome _worst;
    private bool _answered;

    public GpuIdentity Identity => identity;

    public bool IsAsleep() => false;

    public void Read(ref GpuReading reading)
    {
        using var call = session.Enter();
        Begin();
        reading = default;
        ReadUtilization(ref reading);
        ReadMemory(ref reading);
        ReadTemperature(ref reading);
        if (!Gone && Answered("nvmlDeviceGetPowerUsage", api.PowerUsage(device, out var usage)))
            reading.PowerWatts = usage <= PlausibleMilliwatts ? usage / 1000d : null;
        if (Gone || (!_answered && _worst == NvmlOutcome.Failed))
            reading = new GpuReading { Error = NvmlStatusFunnel.Describe(_failure), IsLost = _worst == NvmlOutcome.GpuLost };
        End();
    }

    public GpuDetailReading? ReadDetails()
    {
        using var call = session.Enter();
        Begin();
        double? limitWatts = Answered("nvmlDeviceGetEnforcedPowerLimit", api.PowerLimit(device, out var limit))
            && limit is > 0 and <= PlausibleMilliwatts ? limit / 1000d : null;
        End();
        return new GpuDetailReading(new GpuDetails(), limitWatts);
    }

    public bool ReadProcesses(List<GpuProcessReading> processes)
    {
        using var call = session.Enter();
        var outcome = _processLists.Read(device, processes);
        session.IsLost |= outcome == NvmlOutcome.SessionLost;
        return outcome == NvmlOutcome.Answered;
    }

    private void Begin() => (_failure, _worst, _answered) = (NvmlStatus.Success, NvmlOutcome.Answered, false);

    private void End() => session.IsLost |= _worst == NvmlOutcome.SessionLost;

    private bool Gone => _worst is NvmlOutcome.GpuLost or NvmlOutcome.SessionLost;

    private void ReadUtilization(ref GpuReading reading)
    {
        if (!Answered("nvmlDeviceGetUtilizationRates", api.Utilization(device, out var rates)))
            return;
        reading.UtilizationPercent = rates.GpuPercent <= 100 ? rates.GpuPercent : null;
        reading.MemoryUtilizationPercent = rates.MemoryPercent <= 100 ? rates.MemoryPercent : null;
    }

    private void ReadMemory(ref GpuReading reading)
    {
        if (Gone)
            return;
        var status = api.MemoryV2(device, out var memory);
        if (status is NvmlStatus.FunctionNotFound or NvmlStatus.ArgumentVersionMismatch)
        {
            ReadMemoryV1(ref reading);
            return;
        }
        // Chips with unified memory answer NOT_SUPPORTED or a total of 0: they have no memory of their own to report
        if (!Answered("nvmlDeviceGetMemoryInfo_v2", status) || Bytes(memory.Total) is not (> 0 and var total))
            return;
        reading.MemoryTotalBytes = total;
        reading.MemoryUsedBytes = Bytes(memory.Used, total);
        reading.MemoryFreeBytes = Bytes(memory.Free, total);
        reading.MemoryReservedBytes = Bytes(memory.Reserved, total);
    }

    private void ReadMemoryV1(ref GpuReading reading)
    {
        if (!Answered("nvmlDeviceGetMemoryInfo", api.Memory(device, out var memory)) || Bytes(memory.Total) is not (> 0 and var total))
            return;
        reading.MemoryTotalBytes = total;
        reading.MemoryUsedBytes = Bytes(memory.Used, total);
        reading.MemoryFreeBytes = Bytes(memory.Free, total);
    }

    private void ReadTemperature(ref GpuReading reading)
    {
        if (Gone)
            return;
        var status = api.TemperatureV(device, out var sensor);
        if (status is NvmlStatus.FunctionNotFound or NvmlStatus.ArgumentVersionMismatch or NvmlStatus.NotSupported)
        {
            if (Answered("nvmlDeviceGetTemperature", api.Temperature(device, out var celsius)))
                reading.TemperatureCelsius = celsius <= PlausibleCelsius ? celsius : null;
        }
        else if (Answered("nvmlDeviceGetTemperatureV", status))
            reading.TemperatureCelsius = sensor.Celsius is >= -PlausibleCelsius and <= PlausibleCelsius ? sensor.Celsius : null;
    }

    private bool Answered(string function, NvmlStatus status)
    {
        var outcome = funnel.Judge(function, status);
        if (outcome > _worst)
        {
            _worst = outcome;
            _failure = status;
        }
        _answered |= outcome == NvmlOutcome.Answered;
        return outcome == NvmlOutcome.Answered;
    }

    /// <summary>Null for NVML_VALUE_NOT_AVAILABLE (all ones) and for anything larger than it can be.</summary>
    private static long? Bytes(ulong value, long atMost = long.MaxValue) => value <= (ulong)atMost ? (long)value : null;
}
