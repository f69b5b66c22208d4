using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>What the page of usage shows. Lives in the query of its address; anything unreadable there is left out.</summary>
public sealed record UsageView
{
    public const string Path = "/usage";
    private const int LongestValue = 256;

    public static readonly IReadOnlyList<LlmRange> Ranges = [LlmRange.Day, LlmRange.Week, LlmRange.Month];

    public LlmRange Range { get; init; } = LlmRange.Day;
    public string? Node { get; init; }

    /// <summary>Of the processes; the columns show every kind.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>True when more processes are wanted than are shown at first.</summary>
    public bool More { get; init; }

    public static UsageView Parse(string? range, string? node, string? kind, string? more) => new()
    {
        Range = Ranges.FirstOrDefault(each => each.Key == range) ?? LlmRange.Day,
        Node = string.IsNullOrWhiteSpace(node) || node.Length > LongestValue ? null : node,
        Kind = KindNamed(kind),
        More = more == "1",
    };

    /// <summary>The kind of that word; null for any other text.</summary>
    public static WorkloadKind? KindNamed(string? word) =>
        Enum.GetValues<WorkloadKind>().Where(kind => KindLabel.Of(kind) == word).Select(kind => (WorkloadKind?)kind).FirstOrDefault();

    /// <summary>The address of this view; what is as usual is left out.</summary>
    public string ToAddress()
    {
        (string Name, string? Value)[] parts =
        [
            ("range", Range == LlmRange.Day ? null : Range.Key), ("node", Node), ("kind", Kind is null ? null : KindLabel.Of(Kind)), ("more", More ? "1" : null),
        ];
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? Path : $"{Path}?{query}";
    }

    /// <summary>The question to History as of now. The end is not included, and History is asked in whole seconds.</summary>
    public LlmQuestion At(DateTimeOffset now)
    {
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        return new LlmQuestion(Range.Start(end, TimeZoneInfo.Utc), end, Node);
    }
}
