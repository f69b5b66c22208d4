using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>The kinds of work that take a GPU, as <c>Guard:Kinds</c> lists them.</summary>
internal sealed class TakerKinds
{
    /// <summary>Stands for work of no known kind that draws a lot.</summary>
    public const string UnknownHeavyWord = "unknown-heavy";

    private static readonly Dictionary<string, WorkloadKind> ByWord = Enum.GetValues<WorkloadKind>().ToDictionary(kind => WireWord.Of(kind), StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<WorkloadKind> _kinds = [];

    private TakerKinds()
    {
    }

    /// <summary>Whether <see cref="UnknownHeavyWord"/> is among them.</summary>
    public bool UnknownHeavy { get; private set; }

    /// <summary>Why the text cannot be used; null when it can.</summary>
    public static string? Problem(string text) => Read(text, out var wrong) is null
        ? $"has '{wrong}'; accepted are {string.Join(", ", ByWord.Keys)} and {UnknownHeavyWord}, with commas between"
        : null;

    public static TakerKinds Parse(string text) => Read(text, out _) ?? throw new FormatException(Problem(text));

    public bool Contains(WorkloadKind kind) => _kinds.Contains(kind);

    private static TakerKinds? Read(string text, out string? wrong)
    {
        var kinds = new TakerKinds();
        wrong = null;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ByWord.TryGetValue(word, out var kind)) kinds._kinds.Add(kind);
            else if (word.Equals(UnknownHeavyWord, StringComparison.OrdinalIgnoreCase)) kinds.UnknownHeavy = true;
            else
            {
                wrong = word;
                return null;
            }
        }
        return kinds;
    }
}
