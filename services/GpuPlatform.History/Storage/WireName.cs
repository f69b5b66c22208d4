using System.Reflection;
using System.Text.Json.Serialization;

namespace GpuPlatform.History.Storage;

/// <summary>The names that enum members have on the wire; the database keeps the same words.</summary>
internal static class WireName
{
    public static string Of<T>(T value) where T : struct, Enum =>
        Names<T>.ByValue.GetValueOrDefault(value) ?? throw new ArgumentOutOfRangeException(nameof(value), value, $"not a {typeof(T).Name}");

    /// <summary>The member of that name; null when there is none, for instance one that a newer release has written.</summary>
    public static T? Parse<T>(string? name) where T : struct, Enum =>
        name is not null && Names<T>.ByName.TryGetValue(name, out var value) ? value : null;

    private static class Names<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(value => value, value =>
            typeof(T).GetField(value.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString());

        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
