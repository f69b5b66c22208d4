using System.Text.Json;

namespace GpuPlatform.Web.Feed;

/// <summary>Why a service refused something, in its own words.</summary>
internal static class ProblemWords
{
    private const int LongestReason = 300;

    /// <summary>From its ProblemDetails, of which what is wrong with a field says more than the title; null when there are none.</summary>
    public static string? Of(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind is not JsonValueKind.Object) return null;
            var text = problem.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Object
                ? string.Join("; ", errors.EnumerateObject().SelectMany(Texts))
                : Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title");
            return text is { Length: > LongestReason } ? text[..LongestReason] + "…" : string.IsNullOrEmpty(text) ? null : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Texts(JsonProperty field) => field.Value.ValueKind is JsonValueKind.Array
        ? field.Value.EnumerateArray().Where(text => text.ValueKind is JsonValueKind.String).Select(text => $"{field.Name}: {text.GetString()}")
        : [];

    /// <summary>A text of an object; null when there is none.</summary>
    public static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
