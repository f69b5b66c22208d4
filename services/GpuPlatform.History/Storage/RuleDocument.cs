using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;

namespace GpuPlatform.History.Storage;

/// <summary>The rules that fired for a process as the JSON that the database keeps with the verdict.</summary>
internal static class RuleDocument
{
    private static readonly JsonSerializerOptions Json = TolerantEnumConverter.AddTo(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    // PostgreSQL refuses a NUL in jsonb, even an escaped one
    public static string? Write(IReadOnlyList<FiredRule>? rules) => rules is null ? null
        : JsonSerializer.Serialize(rules.Select(rule => rule with { Name = Text.Clean(rule.Name), Reason = Text.Clean(rule.Reason) }), Json);

    /// <summary>Null when another release wrote what this one cannot read: the verdict itself is beside it.</summary>
    public static IReadOnlyList<FiredRule>? Read(string? document)
    {
        try
        {
            return document is null ? null : JsonSerializer.Deserialize<List<FiredRule>>(document, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
