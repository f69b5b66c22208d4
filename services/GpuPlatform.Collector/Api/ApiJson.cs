using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Api;

/// <summary>How answers are written. An unknown member of what is posted is refused: a misspelt one must not be ignored in silence.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ApiIndex))]
[JsonSerializable(typeof(GpuDeviceList))]
[JsonSerializable(typeof(GpuDriver))]
[JsonSerializable(typeof(GpuSummary))]
[JsonSerializable(typeof(GpuReportList))]
[JsonSerializable(typeof(GpuProcessList))]
[JsonSerializable(typeof(CollectorHealthReport))]
[JsonSerializable(typeof(GameMode))]
[JsonSerializable(typeof(GameModeRequest))]
[JsonSerializable(typeof(LlmRequestList))]
[JsonSerializable(typeof(LlmInFlightList))]
[JsonSerializable(typeof(LlmServerList))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(GuardRequest))]
[JsonSerializable(typeof(CapacityReport))]
[JsonSerializable(typeof(PlacementReport))]
internal sealed partial class ApiJson : JsonSerializerContext;
