using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Configuration section <c>Gpu</c>.</summary>
internal sealed class GpuOptions : IValidateOptions<GpuOptions>
{
    public const string Section = "Gpu";
    public const string Auto = "auto";

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    /// <summary>
    /// <c>auto</c> (every kind of GPU, every way that works), <c>nvml</c> (only the driver's library, and a GPU is expected), <c>nvidia-smi</c>
    /// (only the program of that name), <c>drm</c> (only AMD and Intel, and one is expected) or <c>simulated</c>, which invents readings.
    /// </summary>
    public string Source { get; set; } = Auto;

    /// <summary>Where the host's <c>/sys</c>, <c>/proc</c> and <c>/usr/share</c> are: for a container, the folder they are mounted under.</summary>
    public string Root { get; set; } = "/";

    /// <summary>True: without a working NVML the collector does not start, and says why. False: it runs on, and says why there is nothing to read.</summary>
    public bool RequireNvml { get; set; }

    /// <summary>How long a call into a driver may take before it counts as hanging and the others go on without it. A sleeping GPU may need seconds.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a GPU that can be powered down must be idle before it is let go, so that it can fall asleep; zero keeps it open, and awake.
    /// Longer than a pause between two tasks, and short beside what an awake GPU costs: a reading now and then is not worth a laptop's battery.
    /// </summary>
    public TimeSpan IdleRelease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a source that is not available is tried again.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>True: the profiling counters of GPUs that have them (Hopper and later) are read with the details.</summary>
    public bool Profiling { get; set; }

    public SimulatedOptions Simulated { get; set; } = new();

    public ValidateOptionsResult Validate(string? name, GpuOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.Source is not (Auto or SourceInfo.Nvml or SourceInfo.NvidiaSmi or SourceInfo.Drm or SourceInfo.Simulated))
            problems.AddError($"Gpu:Source is '{options.Source}'; accepted are "
                + $"{Auto}, {SourceInfo.Nvml}, {SourceInfo.NvidiaSmi}, {SourceInfo.Drm} and {SourceInfo.Simulated}");
        if (!Path.IsPathRooted(options.Root) || !Directory.Exists(options.Root))
            problems.AddError($"Gpu:Root is '{options.Root}'; accepted is the absolute path of a folder that exists");
        if (options.RetryInterval < ShortestRetry || options.RetryInterval > LongestRetry)
            problems.AddError($"Gpu:RetryInterval is {options.RetryInterval}; accepted are {ShortestRetry} to {LongestRetry}");
        if (options.StallAfter < ShortestRetry || options.StallAfter > LongestRetry)
            problems.AddError($"Gpu:StallAfter is {options.StallAfter}; accepted are {ShortestRetry} to {LongestRetry}");
        if (options.IdleRelease != TimeSpan.Zero && (options.IdleRelease < ShortestIdle || options.IdleRelease > LongestRetry))
            problems.AddError($"Gpu:IdleRelease is {options.IdleRelease}; accepted are {TimeSpan.Zero} (never) and {ShortestIdle} to {LongestRetry}");
        if (options is { RequireNvml: true, Source: SourceInfo.Simulated or SourceInfo.NvidiaSmi })
            problems.AddError($"Gpu:RequireNvml is true, but Gpu:Source is {options.Source}; accepted are {Auto} and {SourceInfo.Nvml}");
        if (options.Simulated.Scene is not (SimulatedOptions.Desktop or SimulatedOptions.Marked))
            problems.AddError($"Gpu:Simulated:Scene is '{options.Simulated.Scene}'; accepted are {SimulatedOptions.Desktop} and {SimulatedOptions.Marked}");
        return problems.Build();
    }
}

/// <summary>Configuration section <c>Gpu:Simulated</c>.</summary>
internal sealed class SimulatedOptions
{
    public const string Desktop = "desktop";
    public const string Marked = "marked";

    /// <summary><c>desktop</c>, an invented one with a game and a model, or <c>marked</c>: the real processes of this host that say so in their environment.</summary>
    public string Scene { get; set; } = Desktop;

    /// <summary>The same seed and the same times give the same readings.</summary>
    public int Seed { get; set; } = 1;
}
