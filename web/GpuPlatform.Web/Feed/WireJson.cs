using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>How History's JSON is read: camelCase, and null only where the contract allows it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, Converters = [typeof(TolerantEnumConverter)])]
[JsonSerializable(typeof(NodeSnapshot))]
[JsonSerializable(typeof(RealtimeSnapshot))]
[JsonSerializable(typeof(HistoricalSeries))]
[JsonSerializable(typeof(LlmUsage))]
[JsonSerializable(typeof(LlmSessionPage))]
[JsonSerializable(typeof(LlmRequestCompleted))]
[JsonSerializable(typeof(GuardEventPage))]
[JsonSerializable(typeof(KindUsage))]
[JsonSerializable(typeof(ProcessSessionPage))]
[JsonSerializable(typeof(UserRule))]
[JsonSerializable(typeof(NodeGuardRequest))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(RackPlacement))]
internal sealed partial class WireJson : JsonSerializerContext;
