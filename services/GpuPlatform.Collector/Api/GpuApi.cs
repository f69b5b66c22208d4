using System.Text.Json;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Api;

/// <summary>This host's GPUs over REST, from the last sample or, where asked, read now.</summary>
internal static class GpuApi
{
    private const string FromLastSample = "From the last sample; its age is said. ?fresh=true reads now.";

    /// <summary>Answer of the root: what there is to see.</summary>
    public static ApiIndex Contents { get; } = new("GPU collector", CollectorTelemetry.Version,
    [
        Routes.GpuDevices, Routes.GpuDriver, Routes.GpuSummary, Routes.GpuMetrics, Routes.GpuProcesses, Routes.GameMode, Routes.Health,
        Routes.LlmRequests, Routes.LlmInFlight, Routes.LlmModels, Routes.Guard, Routes.Capacity,
        .. ApiDocument.Paths, "/health", "/metrics",
    ]);

    public static TBuilder AddGpuApi<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddProblemDetails(RouterRefusals.Explain);
        services.AddApiDocument();
        services.AddSingleton<GpuAnswers>();
        services.AddSingleton(provider => new FreshLook(
            provider.GetRequiredService<GpuSampler>().Look, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FreshLook>>()));
        services.AddSingleton<LossHealthCheck>();
        services.AddHealthChecks().AddCheck<GpuHealthCheck>("gpu").AddCheck<LossHealthCheck>("losses")
            .Add(Loop("sampler", SamplingRegistration.GpuLoop)).Add(Loop("host", SamplingRegistration.HostLoop));
        return builder;
    }

    public static WebApplication MapGpuApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapApiDocument();
        app.MapGet("/", Index).TakesNoQuery().Describe("index", "What there is to see", "Paths of this service.", ApiExamples.Index);
        app.MapGet(Routes.GpuDevices, DevicesAsync).TakesFresh().Describe("devices", "The GPUs of this host", FromLastSample, ApiExamples.Devices);
        app.MapGet(Routes.GpuDriver, DriverAsync).TakesFresh().Describe("driver", "Versions of driver and library, and every source of readings", FromLastSample, ApiExamples.Driver);
        app.MapGet(Routes.GpuSummary, SummaryAsync).TakesFresh().Describe("summary", "All GPUs in one figure each, and in a sentence", FromLastSample, ApiExamples.Summary);
        app.MapGet(Routes.GpuMetrics, ReportsAsync).TakesFresh().UnderNamesOfThisHost().Describe("metrics", "Everything known of every GPU, with its processes", FromLastSample, ApiExamples.Reports);
        app.MapGet(Routes.GpuProcesses, ProcessesAsync).TakesFresh().UnderNamesOfThisHost().Describe("processes", "The processes on all GPUs", FromLastSample, ApiExamples.Processes);
        app.MapGameMode();
        app.MapCollectorHealth();
        app.MapLlmRequests();
        app.MapGuard();
        app.MapCapacity();
        return app;
    }

    private static Ok<ApiIndex> Index() => TypedResults.Ok(Contents);

    private static async Task<Ok<GpuDeviceList>> DevicesAsync(string? fresh, GpuAnswers answers, FreshLook look, CancellationToken cancellation) =>
        TypedResults.Ok(answers.Devices(await LookAsync(fresh, look, cancellation)));

    private static async Task<Ok<GpuDriver>> DriverAsync(string? fresh, GpuAnswers answers, FreshLook look, CancellationToken cancellation) =>
        TypedResults.Ok(answers.Driver(await LookAsync(fresh, look, cancellation)));

    private static async Task<Ok<GpuSummary>> SummaryAsync(string? fresh, GpuAnswers answers, FreshLook look, CancellationToken cancellation) =>
        TypedResults.Ok(answers.Summary(await LookAsync(fresh, look, cancellation)));

    private static async Task<Ok<GpuReportList>> ReportsAsync(string? fresh, GpuAnswers answers, FreshLook look, CancellationToken cancellation) =>
        TypedResults.Ok(answers.Reports(await LookAsync(fresh, look, cancellation)));

    private static async Task<Ok<GpuProcessList>> ProcessesAsync(string? fresh, GpuAnswers answers, FreshLook look, CancellationToken cancellation) =>
        TypedResults.Ok(answers.Processes(await LookAsync(fresh, look, cancellation)));

    private static Task<string?> LookAsync(string? fresh, FreshLook look, CancellationToken cancellation) =>
        QueryGuard.AsksForFresh(fresh) ? look.TakeAsync(cancellation) : Task.FromResult<string?>(null);

    private static HealthCheckRegistration Loop(string name, string key) =>
        new(name, provider => new LoopHealthCheck(provider.GetRequiredKeyedService<TickLoop>(key)), failureStatus: null, tags: null);
}

/// <summary>Answer of the root: what there is to see.</summary>
internal sealed record ApiIndex(string Service, string Version, IReadOnlyList<string> Links);
