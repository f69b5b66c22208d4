using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Metrics;

internal static class MetricsRegistration
{
    public static void AddMetricSets(this IServiceCollection services)
    {
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptions>();
        services.AddSingleton<SampleMetrics>();
        services.AddSingleton<GpumonMetrics>();
        services.AddSingleton(provider => new DcgmMetrics(Meters(provider), provider.GetRequiredService<PresentGpus>(), Environment.MachineName));
        services.AddSingleton(provider => new HardwareMetrics(Meters(provider), provider.GetRequiredService<PresentGpus>(), Options(provider).OpenTelemetryInPrometheus));
        services.AddSingleton(provider => new LoopMetrics(Meters(provider), provider.GetRequiredService<LatestSample>(), provider.GetRequiredService<SamplingPace>(),
            provider.GetRequiredService<TimeProvider>(), () =>
            [
                provider.GetRequiredKeyedService<TickLoop>(SamplingRegistration.GpuLoop), provider.GetRequiredKeyedService<TickLoop>(SamplingRegistration.HostLoop),
            ]));
    }

    /// <summary>Makes the instruments of the sets that are switched on: nobody asks for them, and what nobody made cannot be scraped.</summary>
    public static void MakeInstruments(IServiceProvider provider)
    {
        var options = Options(provider);
        provider.GetRequiredService<SampleMetrics>();
        provider.GetRequiredService<LoopMetrics>();
        if (options.Gpumon)
            provider.GetRequiredService<GpumonMetrics>();
        if (options.Dcgm)
            provider.GetRequiredService<DcgmMetrics>();
        if (options.OpenTelemetry)
            provider.GetRequiredService<HardwareMetrics>();
    }

    private static IMeterFactory Meters(IServiceProvider provider) => provider.GetRequiredService<IMeterFactory>();

    private static MetricsOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<MetricsOptions>>().Value;
}
