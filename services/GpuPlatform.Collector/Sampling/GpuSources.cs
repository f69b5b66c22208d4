using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Simulated;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Which sources the settings ask for.</summary>
internal static class GpuSources
{
    /// <summary>The sources in the order in which they number the GPUs.</summary>
    public static IReadOnlyList<IGpuSource> Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GpuOptions>>().Value;
        return options.Source == SourceInfo.Simulated
            ? [new SimulatedSource(options.Simulated.Seed, provider.GetRequiredService<TimeProvider>())]
            : [Nvml(provider)];
    }

    /// <summary>Where facts about processes come from: the kernel, unless the source invents its processes.</summary>
    public static IProcessReader Processes(IReadOnlyList<IGpuSource> sources) => sources.OfType<IProcessReader>().FirstOrDefault() ?? new ProcFs();

    private static NvmlSource Nvml(IServiceProvider provider)
    {
        var errors = provider.GetRequiredService<IMeterFactory>().Create(CollectorTelemetry.Name).CreateCounter<long>(
            "nvml_query_errors_total", unit: null, "NVML calls that failed, by function and return code.");
        var settings = new NvmlSettings
        {
            Profiling = provider.GetRequiredService<IOptions<GpuOptions>>().Value.Profiling,
            Clock = provider.GetRequiredService<TimeProvider>(),
        };
        return new NvmlSource(NvmlLibrary.Load, new NvmlStatusFunnel(errors), new SleepingGpus(), settings);
    }
}
