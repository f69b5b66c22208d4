using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What a person wants a program to be taken for, as the classifier takes it.</summary>
internal sealed record UserRule(RuleMatch Match, WorkloadKind Kind)
{
    /// <summary>For all processes of the program that this one runs; by its name where the path could not be read. Null when neither is known.</summary>
    public static UserRule? For(GpuProcess process, WorkloadKind kind) =>
        process.ExecutablePath is { Length: > 0 } path ? new(new RuleMatch(path, null), kind)
        : process.Name is { Length: > 0 } name ? new(new RuleMatch(null, name), kind)
        : null;
}

/// <summary>One of the two.</summary>
internal sealed record RuleMatch(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Exe,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name)
{
    [JsonIgnore]
    public string Words => Exe ?? Name ?? "";
}
