using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>
/// For readers: a name that a newer release has added costs that one field, not the whole message. An unknown <see cref="WorkloadKind"/> is
/// <see cref="WorkloadKind.General"/>, an unknown <see cref="ProcessChange"/> is <see cref="ProcessChange.Changed"/>, an unknown <see cref="GpuContext"/>
/// or <see cref="ProcessRuntime"/> is null.
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
        || typeToConvert == typeof(GpuContext?) || typeToConvert == typeof(ProcessRuntime?);

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(WorkloadKind) ? new OrElse<WorkloadKind>(Names<WorkloadKind>(options), WorkloadKind.General)
        : typeToConvert == typeof(ProcessChange) ? new OrElse<ProcessChange>(Names<ProcessChange>(options), ProcessChange.Changed)
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
