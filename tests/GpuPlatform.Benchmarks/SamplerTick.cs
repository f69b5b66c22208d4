using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Benchmarks;

/// <summary>What reading eight GPUs costs beyond the driver's own calls: null for missing, plausibility, the counting of errors.</summary>
internal static class SamplerTick
{
    private const int TicksPerCall = 100;

    public static async Task RunAsync()
    {
        using var meter = new Meter("Benchmarks.Driver");
        var funnel = new NvmlStatusFunnel(meter.CreateCounter<long>("errors"));
        using var source = new NvmlSource(() => new NvmlLibrary(ConstantDriver.Resolve), funnel, new NvmlSettings { Meter = meter, Root = "/nonexistent" });
        if (!source.Open() || source.Gpus.Count != ConstantDriver.GpuCount)
            throw new InvalidOperationException(source.Info.UnavailableReason ?? "the constant driver lost a GPU");
        var readings = new GpuReading[ConstantDriver.GpuCount];
        var bare = new BareLoop();
        await Comparison.RunAsync("sampler-tick", "tick of 8 GPUs (40 driver calls)", TicksPerCall,
            new Contender("NvmlSource.Read", () =>
            {
                for (var tick = 0; tick < TicksPerCall; tick++)
                {
                    var gpus = source.Gpus;
                    for (var i = 0; i < readings.Length; i++)
                        gpus[i].Read(ref readings[i]);
                }
            }),
            new Contender("bare loop of the same calls", () =>
            {
                for (var tick = 0; tick < TicksPerCall; tick++)
                    bare.Read();
            }));
        if (readings.Any(reading => reading.PowerWatts != 417.312) || bare.Milliwatts != 417_312)
            throw new InvalidOperationException("the contenders did not read what the driver says");
    }

    /// <summary>The calls alone, with their answers thrown away.</summary>
    private sealed unsafe class BareLoop
    {
        private readonly delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, NvmlStatus> _utilization =
            (delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, NvmlStatus>)ConstantDriver.Resolve("nvmlDeviceGetUtilizationRates");
        private readonly delegate* unmanaged[Cdecl]<nint, NvmlMemoryV2*, NvmlStatus> _memory =
            (delegate* unmanaged[Cdecl]<nint, NvmlMemoryV2*, NvmlStatus>)ConstantDriver.Resolve("nvmlDeviceGetMemoryInfo_v2");
        private readonly delegate* unmanaged[Cdecl]<nint, NvmlTemperature*, NvmlStatus> _temperature =
            (delegate* unmanaged[Cdecl]<nint, NvmlTemperature*, NvmlStatus>)ConstantDriver.Resolve("nvmlDeviceGetTemperatureV");
        private readonly delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus> _power =
            (delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)ConstantDriver.Resolve("nvmlDeviceGetPowerUsage");
        private readonly delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus> _energy =
            (delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus>)ConstantDriver.Resolve("nvmlDeviceGetTotalEnergyConsumption");

        public uint Milliwatts { get; private set; }

        public void Read()
        {
            NvmlUtilization rates;
            NvmlMemoryV2 memory;
            NvmlTemperature sensor;
            uint power;
            ulong energy;
            for (nint device = 1; device <= ConstantDriver.GpuCount; device++)
            {
                _utilization(device, &rates);
                _memory(device, &memory);
                _temperature(device, &sensor);
                _power(device, &power);
                _energy(device, &energy);
                Milliwatts = power;
            }
        }
    }
}
