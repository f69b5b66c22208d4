using System.Diagnostics.Metrics;
using GpuPlatform.Collector.NvidiaSmi;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Simulated;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Which sources the settings ask for.</summary>
internal static class GpuSources
{
    // A run takes some ten milliseconds; with a driver in trouble it may never end
    private static readonly TimeSpan SmiTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The sources in the order in which they number the GPUs.</summary>
    public static IReadOnlyList<IGpuSource> Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GpuOptions>>().Value;
        var clock = provider.GetRequiredService<TimeProvider>();
        return options.Source switch
        {
            SourceInfo.Simulated => [new SimulatedSource(options.Simulated.Seed, clock)],
            SourceInfo.Nvml => [Nvml(provider, options)],
            SourceInfo.NvidiaSmi => [Smi(clock)],
            _ => [new FallbackSource(Nvml(provider, options), Smi(clock), options.RetryInterval, clock)],
        };
    }

    /// <summary>Where facts about processes come from: the kernel, unless the source invents its processes.</summary>
    public static IProcessReader Processes(IReadOnlyList<IGpuSource> sources) => sources.OfType<IProcessReader>().FirstOrDefault() ?? new ProcFs();

    private static SmiSource Smi(TimeProvider clock) => new(new SmiCommand(path: null, SmiTimeout), new PciGpus("/"), clock);

    private static NvmlSource Nvml(IServiceProvider provider, GpuOptions options)
    {
        var meter = provider.GetRequiredService<IMeterFactory>().Create(CollectorTelemetry.Name);
        var errors = meter.CreateCounter<long>("nvml_query_errors_total", unit: null, "NVML calls that failed, by function and return code.");
        return new NvmlSource(NvmlLibrary.Load, new NvmlStatusFunnel(errors), new NvmlSettings
        {
            Meter = meter,
            Clock = provider.GetRequiredService<TimeProvider>(),
            IdleRelease = options.IdleRelease,
            StallAfter = options.StallAfter,
            Profiling = options.Profiling,
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger<NvmlSource>(),
        });
    }
}
