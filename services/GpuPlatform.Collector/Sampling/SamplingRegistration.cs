using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Guard.GameMode;
using GpuPlatform.Collector.Guard.ProcessEvents;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

internal static class SamplingRegistration
{
    /// <summary>Key of the loop that reads the GPUs.</summary>
    public const string GpuLoop = "GPU sampler";

    /// <summary>Key of the loop that sends heartbeats.</summary>
    public const string HostLoop = "host sampler";

    /// <summary>Adds the samplers of GPUs and host and what they read and write.</summary>
    public static TBuilder AddSampling<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddSamplingOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LatestSample>();
        services.AddMetricSets();
        services.AddSingleton<SamplingPace>();
        services.AddSingleton<GameModeSwitch>();
        services.AddSingleton<PresentGpus>();
        services.AddSingleton<CollectorHealth>();
        services.AddSingleton<UplinkPublisher>();
        services.AddSingleton<IPublisher>(provider => provider.GetRequiredService<UplinkPublisher>());
        builder.AddVerdicts();
        services.AddProcessEvents();
        services.AddGameMode();
        services.AddSingleton(GpuSources.Create);
        services.AddSingleton(provider => GpuSources.Processes(
            provider.GetRequiredService<IReadOnlyList<IGpuSource>>(), Gpu(provider).Root));
        services.AddSingleton(provider => new DriverRound(Gpu(provider).StallAfter));
        services.AddSingleton(provider => new GpuRoster(
            provider.GetRequiredService<IReadOnlyList<IGpuSource>>(), Gpu(provider).RetryInterval, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GpuSampler>(provider, NodeId(provider)));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HostSampler>(provider, NodeId(provider), new HostReader(Gpu(provider).Root)));
        services.AddLoop(GpuLoop, options => options.Interval, provider =>
        {
            MetricsRegistration.MakeInstruments(provider);
            return provider.GetRequiredService<GpuSampler>().Tick;
        }, overlaps: true);
        // The first heartbeat says what the first look at the GPUs found, unless a driver takes its time
        services.AddLoop(HostLoop, options => options.HostInterval, provider =>
        {
            var sampler = provider.GetRequiredService<HostSampler>();
            return () =>
            {
                sampler.Tick();
                return true;
            };
        }, provider => provider.GetRequiredService<LatestSample>().FirstLook);
        return builder;
    }

    private static void AddSamplingOptions(this IServiceCollection services)
    {
        services.AddOptions<GpuOptions>().BindConfiguration(GpuOptions.Section).ValidateOnStart();
        services.AddOptions<SamplingOptions>().BindConfiguration(SamplingOptions.Section).ValidateOnStart();
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GpuOptions>, GpuOptions>();
        services.AddSingleton<IValidateOptions<SamplingOptions>, SamplingOptions>();
        services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptions>();
    }

    private static void AddLoop(
        this IServiceCollection services, string name, Func<SamplingOptions, TimeSpan> interval, Func<IServiceProvider, Func<bool>> tick,
        Func<IServiceProvider, Task>? subject = null, bool overlaps = false)
    {
        services.AddKeyedSingleton(name, (provider, _) => new TickLoop(
            name, interval(provider.GetRequiredService<IOptions<SamplingOptions>>().Value), tick(provider),
            provider.GetRequiredService<IMeterFactory>().Create(CollectorTelemetry.Name).CreateCounter<long>(
                "gpuplatform_tick_failures_total", unit: null, "Ticks that failed, by loop."),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TickLoop>>(), subject?.Invoke(provider), overlaps));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<TickLoop>(name));
    }

    private static GpuOptions Gpu(IServiceProvider provider) => provider.GetRequiredService<IOptions<GpuOptions>>().Value;

    /// <summary>This host's name in the history.</summary>
    public static string NodeId(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<NodeOptions>>().Value.EffectiveId(Gpu(provider).Source);
}
