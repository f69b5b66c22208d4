using System.Globalization;

namespace GpuPlatform.Collector.Guard;

/// <summary>Hours of the day in which no model runs, so that the host makes no noise; by the host's clock, over midnight where the end is before the start.</summary>
internal sealed class QuietHours
{
    private readonly IReadOnlyList<(TimeOnly From, TimeOnly To)> _spans;

    private QuietHours(IReadOnlyList<(TimeOnly From, TimeOnly To)> spans) => _spans = spans;

    /// <summary>Why the text cannot be used; null when it can.</summary>
    public static string? Problem(string text) => TryParse(text, out _) ? null : $"is '{text}'; accepted are spans as in 22:00-07:00, with commas between, or nothing";

    public static QuietHours Parse(string text) => TryParse(text, out var hours) ? hours : throw new FormatException(Problem(text));

    /// <summary>The span that holds at a time of the day, as it is written; null when none does.</summary>
    public string? At(TimeOnly time)
    {
        foreach (var (from, to) in _spans)
            if (time.IsBetween(from, to))
                return string.Create(CultureInfo.InvariantCulture, $"{from:HH\\:mm}-{to:HH\\:mm}");
        return null;
    }

    private static bool TryParse(string text, out QuietHours hours)
    {
        var spans = new List<(TimeOnly, TimeOnly)>();
        hours = new QuietHours(spans);
        foreach (var span in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (span.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to] || !TryTime(from, out var start) || !TryTime(to, out var end) || start == end)
                return false;
            spans.Add((start, end));
        }
        return true;
    }

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
