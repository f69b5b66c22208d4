namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>Something that is not accepted.</summary>
/// <param name="Line">Line of the file, from 1; 0 when it has none.</param>
/// <param name="Key">Where: the keys that lead there, divided by dots.</param>
/// <param name="Says">What is wrong, and what is accepted.</param>
internal sealed record Problem(int Line, string Key, string Says)
{
    /// <summary>Name of the rule it is in; null outside of rules.</summary>
    public string? Rule { get; init; }

    public string In(string file) =>
        $"{file}{(Line > 0 ? $" line {Line}" : "")}{(Rule is null ? "" : $", rule {Rule}")}{(Key.Length == 0 ? "" : $", {Key}")}: {Says}";
}

/// <summary>Collects what is not accepted, so that everything is said at once.</summary>
internal sealed class Problems
{
    private const int Most = 100;
    private readonly List<Problem> _all = [];

    public IReadOnlyList<Problem> All => _all;

    /// <summary>The rule that is being read.</summary>
    public string? Rule { get; set; }

    public void Add(Node at, string key, string says) => Add(at.Line, key, says);

    public void Add(int line, string key, string says)
    {
        if (_all.Count < Most)
            _all.Add(new Problem(line, key, says) { Rule = Rule });
    }
}
