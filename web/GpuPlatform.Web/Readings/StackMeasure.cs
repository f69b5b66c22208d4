using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What the columns of <see cref="TokenColumns"/> are made of.</summary>
public sealed record StackMeasure(string Key, string Label, string Unit, Func<LlmUsagePoint, long> Value)
{
    public static readonly StackMeasure Generated = new("generated", "Generated", "tokens", point => point.CompletionTokens);
    public static readonly StackMeasure Prompt = new("prompt", "Prompt", "tokens", point => point.PromptTokens);
    public static readonly StackMeasure Requests = new("requests", "Requests", "requests", point => point.RequestCount);

    public static readonly IReadOnlyList<StackMeasure> All = [Generated, Prompt, Requests];
}
