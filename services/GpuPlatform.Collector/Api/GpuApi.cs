using System.Text.Json.Serialization;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>This host's GPUs over REST, from the last sample.</summary>
internal static class GpuApi
{
    private const long BytesPerMebibyte = 1 << 20;

    public static TBuilder AddGpuApi<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddHealthChecks().AddCheck<GpuHealthCheck>("gpu").AddCheck<SamplerHealthCheck>("sampler");
        return builder;
    }

    public static IEndpointRouteBuilder MapGpuApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Index);
        routes.MapGet(Routes.GpuDevices, Devices);
        routes.MapGet(Routes.GpuDriver, Driver);
        return routes;
    }

    private static Ok<ApiIndex> Index() =>
        TypedResults.Ok(new ApiIndex(
            "GPU collector", CollectorTelemetry.Version, [Routes.GpuDevices, Routes.GpuDriver, "/health", "/metrics"]));

    private static Ok<GpuDeviceList> Devices(LatestSample latest) => TypedResults.Ok(ToList(latest));

    private static Ok<GpuDriver> Driver(LatestSample latest)
    {
        var source = latest.Gpus.Source;
        return TypedResults.Ok(new GpuDriver
        {
            DriverVersion = source.DriverVersion,
            CudaDriverVersion = source.CudaVersion,
            NvmlVersion = source.NvmlVersion,
        });
    }

    internal static GpuDeviceList ToList(LatestSample latest)
    {
        var snapshot = latest.Gpus;
        var reason = latest.UnavailableReason(snapshot);
        return new GpuDeviceList
        {
            Devices = [.. snapshot.Gpus.OrderBy(gpu => gpu.Index).Select(gpu => ToDevice(gpu, gpu.Error ?? reason))],
            Count = snapshot.Gpus.Count,
            Source = snapshot.Source.Name,
            UnavailableReason = snapshot.Source.UnavailableReason,
            SampledAt = snapshot.SampledAt,
        };
    }

    private static GpuDevice ToDevice(GpuSample gpu, string? error) => new()
    {
        Index = gpu.Index,
        Name = gpu.Name,
        TotalMemoryMb = gpu.MemoryTotalBytes / BytesPerMebibyte,
        FreeMemoryMb = gpu.MemoryFreeBytes / BytesPerMebibyte,
        UsedMemoryMb = gpu.MemoryUsedBytes / BytesPerMebibyte,
        UtilizationPercent = gpu.UtilizationPercent,
        TemperatureC = gpu.TemperatureCelsius,
        IsAvailable = error is null,
        ErrorMessage = error,
        Uuid = gpu.Uuid,
        PowerWatts = gpu.PowerWatts,
        PowerLimitWatts = gpu.PowerLimitWatts,
    };
}

/// <summary>Answer of the root: what there is to see.</summary>
internal sealed record ApiIndex(
    [property: JsonPropertyName("service")] string Service,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("links")] IReadOnlyList<string> Links);

[JsonSerializable(typeof(ApiIndex))]
[JsonSerializable(typeof(GpuDeviceList))]
[JsonSerializable(typeof(GpuDriver))]
internal sealed partial class ApiJson : JsonSerializerContext;
