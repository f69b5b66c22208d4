namespace GpuPlatform.Web.Readings;

/// <summary>Which requests the table shows first.</summary>
public sealed record LlmSort(string Key, string Label)
{
    public static readonly LlmSort Duration = new("duration", "Slowest");
    public static readonly LlmSort TimeToFirstToken = new("ttft", "Slowest to start");
    public static readonly LlmSort Newest = new("started", "Newest");

    public static readonly IReadOnlyList<LlmSort> All = [Duration, TimeToFirstToken, Newest];
}
