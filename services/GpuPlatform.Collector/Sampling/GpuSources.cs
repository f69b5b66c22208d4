using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.NvidiaSmi;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Steam;
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
            SourceInfo.Simulated when options.Simulated.Scene == SimulatedOptions.Marked => [new MarkedSource(options.Root)],
            SourceInfo.Simulated => [new SimulatedSource(options.Simulated.Seed, clock)],
            SourceInfo.Nvml => [Nvml(provider, options)],
            SourceInfo.NvidiaSmi => [Smi(clock, options.Root)],
            SourceInfo.Drm => [Drm(provider, options.Root)],
            _ => [new FallbackSource(Nvml(provider, options), Smi(clock, options.Root), options.RetryInterval, clock), Drm(provider, options.Root)],
        };
    }

    /// <summary>Where facts about processes come from: the kernel, unless the source invents its processes.</summary>
    public static IProcessReader Processes(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IReadOnlyList<IGpuSource>>().OfType<IProcessReader>().FirstOrDefault() is { } inventor)
            return inventor;
        var root = provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root;
        return new ProcFs(root, ActivatorUtilities.CreateInstance<SteamLibraries>(provider, root));
    }

    /// <summary>Whether a process has opened a GPU of the sources; null: it cannot be told. To be asked by one thread at a time.</summary>
    public static Func<int, bool?> Opened(IServiceProvider provider)
    {
        var sources = provider.GetRequiredService<IReadOnlyList<IGpuSource>>();
        return sources.OfType<MarkedSource>().FirstOrDefault() is { } marked ? marked.IsOn
            : sources.OfType<SimulatedSource>().Any() ? static _ => false
            : new GpuDeviceFiles(provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root).AreOpenIn;
    }

    private static SmiSource Smi(TimeProvider clock, string root) => new(new SmiCommand(path: null, SmiTimeout), new PciGpus(root), clock);

    private static NvmlSource Nvml(IServiceProvider provider, GpuOptions options)
    {
        var errors = Counter(provider, "nvml_query_errors_total", "NVML calls that failed, by function and return code.");
        return new NvmlSource(NvmlLibrary.Load, new NvmlStatusFunnel(errors), new NvmlSettings
        {
            Meter = Meter(provider),
            Root = options.Root,
            Clock = provider.GetRequiredService<TimeProvider>(),
            IdleRelease = options.IdleRelease,
            StallAfter = options.StallAfter,
            Profiling = options.Profiling,
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger<NvmlSource>(),
        });
    }

    private static DrmSource Drm(IServiceProvider provider, string root)
    {
        var clock = provider.GetRequiredService<TimeProvider>();
        var errors = Counter(provider, "drm_read_errors_total", "Kernel files of AMD and Intel GPUs that could not be read or understood, by file.");
        var holders = new DrmHolders(root, PosixNative.DrmMinor, clock, errors);
        var interval = provider.GetRequiredService<IOptions<SamplingOptions>>().Value.DetailInterval;
        return new DrmSource(new DrmHost(root, holders, clock, errors), interval);
    }

    private static Counter<long> Counter(IServiceProvider provider, string name, string description) =>
        Meter(provider).CreateCounter<long>(name, unit: null, description);

    private static Meter Meter(IServiceProvider provider) => provider.GetRequiredService<IMeterFactory>().Create(CollectorTelemetry.Name);
}
