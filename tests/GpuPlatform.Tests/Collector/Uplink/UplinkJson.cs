using System.Text.Json.Serialization;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Uplink;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Envelope<GpuSampled>))]
[JsonSerializable(typeof(Envelope<HostSampled>))]
[JsonSerializable(typeof(Envelope<GpuProcessObserved>))]
[JsonSerializable(typeof(Envelope<ProcessClassified>))]
internal sealed partial class UplinkJson : JsonSerializerContext;
