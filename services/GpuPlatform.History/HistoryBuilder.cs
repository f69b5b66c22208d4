using GpuPlatform.History.Ingest;
using GpuPlatform.History.Live;
using GpuPlatform.History.Queries;
using GpuPlatform.History.Questions;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History;

/// <summary>Registers what this service is made of.</summary>
internal static class HistoryBuilder
{
    public static void AddHistory(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HistoryOptions>, HistoryOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<HistoryMetrics>();

        services.AddSingleton<GpuSampleStore>();
        services.AddSingleton<HostSampleStore>();
        services.AddSingleton<ProcessStore>();
        services.AddSingleton<LlmStore>();
        services.AddSingleton<GuardStore>();
        services.AddSingleton<DatabaseOutage>();
        services.AddSingleton<IngestPipeline>();

        services.AddSingleton<LiveHub>();
        services.AddSingleton<LiveState>();
        services.AddSingleton<LiveLoad>();
        services.AddHostedService<LiveClock>();
        services.AddSingleton<SchemaStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<SchemaStartup>());

        services.AddHostedService<Expiry>();

        services.AddSingleton<HistoricalStore>();
        services.AddSingleton<LlmSessionStore>();
        services.AddSingleton<LlmUsageStore>();
        services.AddSingleton<GuardEventStore>();
        services.AddSingleton<ProcessSessionStore>();
        services.AddSingleton<KindUsageStore>();

        services.AddSingleton<PendingQuestions>();
        services.AddSingleton<NodeQuestions>();
        services.AddSingleton<RackRoom>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: ["ready"]);
    }
}
