using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>
/// For readers: a name that a newer release has added costs that one field, not the whole message. An unknown <see cref="WorkloadKind"/> is
/// <see cref="WorkloadKind.General"/>, an unknown <see cref="ProcessChange"/> is <see cref="ProcessChange.Changed"/>, an unknown <see cref="GpuContext"/>
/// or <see cref="ProcessRuntime"/> is null, an unknown <see cref="LlmOutcome"/> is
/// <see cref="LlmOutcome.Failed"/>, an unknown <see cref="LlmPhase"/> <see cref="LlmPhase.Waiting"/>, an unknown <see cref="GuardCause"/> <see cref="GuardCause.Unknown"/>, an unknown <see cref="GpuState"/> is <see cref="GpuState.Active"/> as one that was not sent is;
/// <see cref="GpuThrottleReason"/> and <see cref="GpuRecoveryAction"/> have a word for it.
/// </summary>
public sealed class TolerantEnumConverter : JsonConverterFactory
{
    /// <summary>Makes <paramref name="options"/> tolerant, and returns them.</summary>
    public static JsonSerializerOptions AddTo(JsonSerializerOptions options)
    {
        options.Converters.Add(new TolerantEnumConverter());
        return options;
    }

    /// <inheritdoc />
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(WorkloadKind) || typeToConvert == typeof(ProcessChange)
        || typeToConvert == typeof(GpuContext?) || typeToConvert == typeof(ProcessRuntime?)
        || typeToConvert == typeof(LlmApi) || typeToConvert == typeof(LlmClientSource) || typeToConvert == typeof(LlmOutcome) || typeToConvert == typeof(LlmPhase)
        || typeToConvert == typeof(ResidencyChange) || typeToConvert == typeof(GuardCause) || typeToConvert == typeof(GpuState) || typeToConvert == typeof(GpuThrottleReason) || typeToConvert == typeof(GpuRecoveryAction);

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(WorkloadKind) ? new OrElse<WorkloadKind>(Names<WorkloadKind>(options), WorkloadKind.General)
        : typeToConvert == typeof(ProcessChange) ? new OrElse<ProcessChange>(Names<ProcessChange>(options), ProcessChange.Changed)
        : typeToConvert == typeof(LlmApi) ? new OrElse<LlmApi>(Names<LlmApi>(options), LlmApi.Unknown)
        : typeToConvert == typeof(LlmClientSource) ? new OrElse<LlmClientSource>(Names<LlmClientSource>(options), LlmClientSource.Unknown)
        : typeToConvert == typeof(LlmOutcome) ? new OrElse<LlmOutcome>(Names<LlmOutcome>(options), LlmOutcome.Failed)
        : typeToConvert == typeof(LlmPhase) ? new OrElse<LlmPhase>(Names<LlmPhase>(options), LlmPhase.Waiting)
        : typeToConvert == typeof(ResidencyChange) ? new OrElse<ResidencyChange>(Names<ResidencyChange>(options), ResidencyChange.Unknown)
        : typeToConvert == typeof(GuardCause) ? new OrElse<GuardCause>(Names<GuardCause>(options), GuardCause.Unknown)
        : typeToConvert == typeof(GpuState) ? new OrElse<GpuState>(Names<GpuState>(options), GpuState.Active)
        : typeToConvert == typeof(GpuThrottleReason) ? new OrElse<GpuThrottleReason>(Names<GpuThrottleReason>(options), GpuThrottleReason.Unknown)
        : typeToConvert == typeof(GpuRecoveryAction) ? new OrElse<GpuRecoveryAction>(Names<GpuRecoveryAction>(options), GpuRecoveryAction.Unknown)
        : typeToConvert == typeof(ProcessRuntime?) ? new OrNull<ProcessRuntime>(Names<ProcessRuntime>(options))
        : new OrNull<GpuContext>(Names<GpuContext>(options));

    private static JsonConverter<T> Names<T>(JsonSerializerOptions options) where T : struct, Enum =>
        (JsonConverter<T>)new JsonStringEnumConverter<T>().CreateConverter(typeof(T), options);

    private static T? Read<T>(JsonConverter<T> names, ref Utf8JsonReader reader, JsonSerializerOptions options) where T : struct, Enum
    {
        try
        {
            return names.Read(ref reader, typeof(T), options) is var value && Enum.IsDefined(value) ? value : null;
        }
        catch (JsonException) when (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            return null;
        }
    }

    private sealed class OrElse<T>(JsonConverter<T> names, T fallback) : JsonConverter<T> where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TolerantEnumConverter.Read(names, ref reader, options) ?? fallback;

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => names.Write(writer, value, options);
    }

    private sealed class OrNull<T>(JsonConverter<T> names) : JsonConverter<T?> where T : struct, Enum
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TolerantEnumConverter.Read(names, ref reader, options);

        public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
        {
            if (value is { } known)
                names.Write(writer, known, options);
            else
                writer.WriteNullValue();
        }
    }
}
