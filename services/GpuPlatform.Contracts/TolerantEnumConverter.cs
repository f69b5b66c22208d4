using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>
/// For readers: a name that a newer release has added costs that one field, not the whole message. An unknown <see cref="WorkloadKind"/> is
/// <see cref="WorkloadKind.General"/>, an unknown <see cref="ProcessChange"/> is <see cref="ProcessChange.Changed"/>, an unknown <see cref="GpuContext"/>
/// or <see cref="ProcessRuntime"/> is null, an unknown <see cref="LlmOutcome"/> is
/// <see cref="LlmOutcome.Failed"/>, an unknown <see cref="LlmPhase"/> <see cref="LlmPhase.Waiting"/>, an unknown <see cref="GuardCause"/> <see cref="GuardCause.Unknown"/>, an unknown <see cref="GuardState"/> <see cref="GuardState.Yielded"/>, an unknown
/// <see cref="ThrottleLevel"/> <see cref="ThrottleLevel.Limited"/>, an unknown <see cref="GpuState"/> is <see cref="GpuState.Active"/> as one that was not sent is;
/// <see cref="GpuThrottleReason"/> and <see cref="GpuRecoveryAction"/> have a word for it.
/// </summary>
public sealed class TolerantEnumConverter : JsonConverterFactory
{
    private static readonly Dictionary<Type, Func<JsonSerializerOptions, JsonConverter>> Readers = new()
    {
        [typeof(WorkloadKind)] = Else(WorkloadKind.General), [typeof(ProcessChange)] = Else(ProcessChange.Changed),
        [typeof(GpuContext?)] = Null<GpuContext>(), [typeof(ProcessRuntime?)] = Null<ProcessRuntime>(),
        [typeof(GpuState)] = Else(GpuState.Active), [typeof(GpuThrottleReason)] = Else(GpuThrottleReason.Unknown), [typeof(GpuRecoveryAction)] = Else(GpuRecoveryAction.Unknown),
        [typeof(LlmApi)] = Else(LlmApi.Unknown), [typeof(LlmClientSource)] = Else(LlmClientSource.Unknown), [typeof(LlmOutcome)] = Else(LlmOutcome.Failed),
        [typeof(LlmPhase)] = Else(LlmPhase.Waiting), [typeof(ResidencyChange)] = Else(ResidencyChange.Unknown),
        // What is not known to be for models is not
        [typeof(GuardState)] = Else(GuardState.Yielded), [typeof(GuardCause)] = Else(GuardCause.Unknown), [typeof(ThrottleLevel)] = Else(ThrottleLevel.Limited),
        [typeof(PlacementFit)] = Else(PlacementFit.Unknown), [typeof(NeedSource)] = Else(NeedSource.Estimated),
    };

    /// <summary>Makes <paramref name="options"/> tolerant, and returns them.</summary>
    public static JsonSerializerOptions AddTo(JsonSerializerOptions options)
    {
        options.Converters.Add(new TolerantEnumConverter());
        return options;
    }

    /// <inheritdoc />
    public override bool CanConvert(Type typeToConvert) => Readers.ContainsKey(typeToConvert);

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Readers[typeToConvert](options);

    private static Func<JsonSerializerOptions, JsonConverter> Else<T>(T fallback) where T : struct, Enum => options => new OrElse<T>(Names<T>(options), fallback);

    private static Func<JsonSerializerOptions, JsonConverter> Null<T>() where T : struct, Enum => options => new OrNull<T>(Names<T>(options));

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
