using GpuPlatform.Classifier.Rules.Conditions;
using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.ProcessEvidence;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>Reads the <c>when</c> of a rule. All keys of one object must hold; of a list under a key, one entry.</summary>
internal sealed class ConditionReader(NodeValues values)
{
    private const int MostEntries = 1000;
    private const double MostGibibytes = 1 << 20;

    private static readonly string[] Keys =
    [
        "all", "any", "not", "name", "nameLike", "path", "argument", "parent", "below", "cgroup", "application", "runtime", "environment", "context", "wine",
        "interpreter", "game", "workingDirectory", "memoryGiB", "smPercent", "encoderPercent", "decoderPercent", "course", "os",
    ];

    /// <summary>Null when something in it is not accepted; the problems say what.</summary>
    public Condition? Read(Node node, string at)
    {
        if (node is MapNode { Entries.Count: 0 })
            values.Problems.Add(node, at, $"is empty; accepted are {string.Join(", ", Keys)}");
        var parts = values.Known(node, at, Keys).Select(entry => One(entry.Key, entry.Value, NodeValues.Join(at, entry.Key))).ToList();
        return parts.Count == 0 || parts.Contains(null) ? null : parts.Count == 1 ? parts[0] : new AllOf([.. parts.OfType<Condition>()]);
    }

    private Condition? One(string key, Node value, string at) => key switch
    {
        "all" => Parts(value, at) is { } parts ? new AllOf(parts) : null,
        "any" => Parts(value, at) is { } parts ? new AnyOf(parts) : null,
        "not" => Read(value, at) is { } part ? new NoneOf(part) : null,
        "name" => Names(value, at) is { } names ? new NameIs(names) : null,
        "parent" => Names(value, at) is { } names ? new BelowProcess(names, isParent: true) : null,
        "below" => Names(value, at) is { } names ? new BelowProcess(names, isParent: false) : null,
        "nameLike" => Fits(value, at, process => process.Names, (process, text) => process.NameInWords(text)),
        "path" => Fits(value, at, process => process.Paths, (_, text) => $"it runs from {Quote(text)}"),
        "argument" => Fits(value, at, process => process.Arguments, (_, text) => $"its arguments hold {Quote(text)}"),
        "cgroup" => Fits(value, at, process => process.ControlGroup, (_, text) => $"its control group ends in {Quote(text[(text.LastIndexOf('/') + 1)..])}"),
        "workingDirectory" => Fits(value, at, process => process.WorkingDirectory, (_, text) => $"it works in {Quote(text)}"),
        "application" => Fits(value, at, process => process.Application, (_, text) => $"it belongs to the application {Quote(text)}"),
        "environment" => Variables(value, at),
        "wine" => values.Flag(value, at) is { } flag ? new FlagIs(process => process.IsWine, flag, _ => "it is a Windows program under Wine") : null,
        "game" => values.Flag(value, at) is { } flag
            ? new FlagIs(process => process.Observed.Game is not null, flag, process => $"Steam has installed it as {Quote(process.Observed.Game!.Name)}") : null,
        "runtime" => Values(value, at, Vocabulary.Runtimes, process => process.Observed.Scope?.Runtime, runtime => $"it runs in {runtime}"),
        "context" => Values(value, at, Vocabulary.Contexts, process => process.Observed.Context, context => $"the driver lists a {ContextInWords(context)} context"),
        "interpreter" => Words(value, at, Vocabulary.Interpreters, index => Vocabulary.Interpreters.Keys.ElementAt(index), process => process.Interpreter, word => $"{word} runs it"),
        "os" => Words(value, at, Vocabulary.SystemWords, index => Vocabulary.Systems[index], process => process.Os, word => $"the system is {word}"),
        "course" => OneOrMore(value, at, Vocabulary.CourseWords) is { } courses ? new CourseIs(courses) : null,
        "memoryGiB" => Between(value, at, MostGibibytes, process => process.Observed.MemoryUsedBytes / (double)(1L << 30), number => $"it has {number:0.0} GiB of the GPU's memory"),
        "smPercent" => Between(value, at, 100, process => process.Observed.SmPercent, number => $"its kernels run {number:0} % of the time"),
        "encoderPercent" => Between(value, at, 100, process => process.Observed.EncoderPercent, number => $"it uses {number:0} % of the encoder"),
        _ => Between(value, at, 100, process => process.Observed.DecoderPercent, number => $"it uses {number:0} % of the decoder"),
    };

    private List<Condition>? Parts(Node value, string at)
    {
        if (value is ListNode { Items: { Count: > 0 and <= MostEntries } items })
        {
            var parts = items.Select((item, index) => Read(item, $"{at}[{index}]")).ToList();
            return parts.Contains(null) ? null : [.. parts.OfType<Condition>()];
        }
        values.Problems.Add(value, at, $"is {NodeValues.Form(value)}; accepted is a list of conditions");
        return null;
    }

    private IReadOnlyList<string>? Names(Node value, string at) => values.TextOrTexts(value, at, MostEntries) is { Count: > 0 } names ? names : null;

    private TextFits? Fits(Node value, string at, Func<ProcessEvidence, IReadOnlyList<string>> texts, Func<ProcessEvidence, string, string> words)
    {
        var patterns = values.TextOrTexts(value, at, MostEntries).Select(text => Pattern(value, at, text)).ToList();
        if (patterns.Count == 0 || patterns.Contains(null))
            return null;
        try
        {
            return new TextFits(texts, TextPattern.Joined([.. patterns.OfType<TextPattern>()]), words);
        }
        catch (NotSupportedException)
        {
            values.Problems.Add(value, at, $"has {patterns.Count} patterns that are too much for one look; accepted are fewer, or several conditions under 'any'");
            return null;
        }
    }

    private TextPattern? Pattern(Node value, string at, string text)
    {
        try
        {
            if (text.Length is > 0 and <= TextPattern.Longest)
                return new TextPattern(text);
            values.Problems.Add(value, at, $"has {text.Length} characters; accepted are 1 to {TextPattern.Longest}");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            values.Problems.Add(value, at, $"'{text}' is no pattern that can be used: {e.Message} Accepted is a regular expression without lookaround and back references");
        }
        return null;
    }

    private AllOf? Variables(Node value, string at)
    {
        if (value is not MapNode { Entries.Count: > 0 } map)
        {
            values.Problems.Add(value, at, $"is {NodeValues.Form(value)}; accepted is an object of names and patterns ('*' for any value)");
            return null;
        }
        var parts = map.Entries.Select(entry => Variable(entry, NodeValues.Join(at, entry.Key))).ToList();
        return parts.Contains(null) ? null : new AllOf([.. parts.OfType<Condition>()]);
    }

    private VariableFits? Variable(MapEntry entry, string at) => values.Text(entry.Value, at) switch
    {
        null => null,
        "*" => new VariableFits(entry.Key, null),
        var text => Pattern(entry.Value, at, text) is { } pattern ? new VariableFits(entry.Key, pattern) : null,
    };

    private ValueIs<T>? Values<T>(Node value, string at, IReadOnlyDictionary<string, T> words, Func<ProcessEvidence, T?> of, Func<T, string> says) where T : struct =>
        OneOrMore(value, at, words) is { } accepted ? new ValueIs<T>(of, accepted, says) : null;

    private WordIs? Words(Node value, string at, IReadOnlyDictionary<string, int> words, Func<int, string> word, Func<ProcessEvidence, string?> of, Func<string, string> says) =>
        OneOrMore(value, at, words) is { } accepted ? new WordIs(of, [.. accepted.Select(word)], says) : null;

    private List<T>? OneOrMore<T>(Node value, string at, IReadOnlyDictionary<string, T> words) where T : struct
    {
        var entries = value is ListNode { Items.Count: > 0 } list ? list.Items : [value];
        var accepted = entries.Select(entry => values.Word(entry, at, words)).ToList();
        return accepted.Contains(null) ? null : [.. accepted.OfType<T>()];
    }

    private NumberBetween? Between(Node value, string at, double highest, Func<ProcessEvidence, double?> of, Func<double, string> says)
    {
        var (least, most, count) = (0d, highest, values.Problems.All.Count);
        foreach (var (key, _, number) in values.Known(value, at, ["min", "max"]))
        {
            var read = values.Number(number, NodeValues.Join(at, key), 0, highest);
            if (key == "min") least = read ?? 0;
            else most = read ?? highest;
        }
        if (least > most || value is MapNode { Entries.Count: 0 })
            values.Problems.Add(value, at, "accepted is a min, a max, or both with min not above max");
        return values.Problems.All.Count == count ? new NumberBetween(of, least, most, says) : null;
    }

    private static string ContextInWords(GpuContext context) => context switch
    {
        GpuContext.Compute => "compute",
        GpuContext.Graphics => "graphics",
        _ => "compute and graphics",
    };
}
