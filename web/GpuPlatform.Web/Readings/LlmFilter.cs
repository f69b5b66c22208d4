using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>What the Models page shows. Lives in the query of its address, so that a view can be shared; anything unreadable there is left out.</summary>
public sealed record LlmFilter
{
    public const string Path = "/models";
    private const int LongestValue = 256;

    public LlmRange Range { get; init; } = LlmRange.Today;
    public string? Node { get; init; }
    public string? Model { get; init; }
    public string? Client { get; init; }
    /// <summary>Of the single requests; the figures count every outcome.</summary>
    public LlmOutcome? Outcome { get; init; }

    public LlmSort Sort { get; init; } = LlmSort.Duration;

    /// <summary>True when the figures leave requests out for another reason than their time.</summary>
    public bool IsNarrowed => (Node ?? Model ?? Client) is not null;

    public static LlmFilter Parse(string? range, string? node, string? model, string? client, string? outcome, string? sort) => new()
    {
        Range = LlmRange.All.FirstOrDefault(each => each.Key == range) ?? LlmRange.Today,
        Node = Text(node),
        Model = Text(model),
        Client = Text(client),
        Outcome = OutcomeNamed(outcome),
        Sort = LlmSort.All.FirstOrDefault(each => each.Key == sort) ?? LlmSort.Duration,
    };

    /// <summary>The address of this view; what is as usual is left out.</summary>
    public string ToAddress()
    {
        (string Name, string? Value)[] parts =
        [
            ("range", Range == LlmRange.Today ? null : Range.Key), ("node", Node), ("model", Model), ("client", Client),
            ("outcome", Outcome is { } outcome ? LlmWords.Outcome(outcome) : null), ("sort", Sort == LlmSort.Duration ? null : Sort.Key),
        ];
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? Path : $"{Path}?{query}";
    }

    /// <summary>The outcome of that word; null for any other text.</summary>
    public static LlmOutcome? OutcomeNamed(string? word) =>
        Enum.GetValues<LlmOutcome>().Where(each => LlmWords.Outcome(each) == word).Select(each => (LlmOutcome?)each).FirstOrDefault();

    /// <summary>The question to History as of now.</summary>
    public LlmQuestion At(DateTimeOffset now, TimeZoneInfo? zone)
    {
        // The end is not included, and History is asked in whole seconds
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        return new LlmQuestion(Range.Start(now, zone), end, Node, Model, Client);
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) || value.Length > LongestValue ? null : value;
}
