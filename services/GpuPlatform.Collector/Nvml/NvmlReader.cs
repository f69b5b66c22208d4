using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>The cheap tier of one GPU: at most five driver calls, in a fixed order, and none once the GPU is found lost.</summary>
internal sealed unsafe class NvmlReader(NvmlApi api, NvmlAnswers answers, NvmlDevice device, SharedMemory host)
{
    // A GPU that drew a megawatt since the first one was built would not have used more
    private const ulong PlausibleMillijoules = 1_000_000_000_000_000_000;

    private readonly NvmlReadingApi _api = api.Readings;
    private readonly NvmlMemoryReader _memory = new(api, answers, device, host);
    private readonly NvmlQuery _utilization = answers.Query("nvmlDeviceGetUtilizationRates");
    private readonly NvmlQuery _temperatureV = answers.Query("nvmlDeviceGetTemperatureV");
    private readonly NvmlQuery _temperature = answers.Query("nvmlDeviceGetTemperature");
    private readonly NvmlQuery _power = answers.Query("nvmlDeviceGetPowerUsage");
    private readonly NvmlQuery _energy = answers.Query("nvmlDeviceGetTotalEnergyConsumption");

    public void Read(ref GpuReading reading)
    {
        var rates = new NvmlUtilization { GpuPercent = uint.MaxValue, MemoryPercent = uint.MaxValue };
        if (_utilization.IsOpen && _utilization.Accept(_api.Utilization.Read(device, &rates)))
        {
            reading.UtilizationPercent = NvmlPlausible.Percent(rates.GpuPercent);
            reading.MemoryUtilizationPercent = NvmlPlausible.Percent(rates.MemoryPercent);
        }
        _memory.Read(ref reading);
        if (_temperatureV.IsOpen)
        {
            var sensor = new NvmlTemperature { Version = NvmlTemperature.CurrentVersion, Celsius = int.MaxValue };
            if (_temperatureV.Accept(_api.TemperatureV.Read(device, &sensor)))
                reading.TemperatureCelsius = NvmlPlausible.Celsius(sensor.Celsius);
        }
        if (_temperatureV.IsAbsent)
            ReadOldTemperature(ref reading);
        if (_power.IsOpen && _power.Accept(_api.PowerUsage.Read(device, out var milliwatts)))
            reading.PowerWatts = NvmlPlausible.Watts(milliwatts);
        if (_energy.IsOpen && _energy.Accept(_api.Energy.Read(device, out var millijoules)))
            reading.EnergyJoules = millijoules <= PlausibleMillijoules ? millijoules / 1000d : null;
    }

    private void ReadOldTemperature(ref GpuReading reading)
    {
        if (_temperature.IsOpen && _temperature.Accept(_api.Temperature.Read(device, 0, out var celsius)))
            reading.TemperatureCelsius = NvmlPlausible.Celsius(celsius);
    }
}
