using System.Collections.Frozen;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>
/// Ordered rules: the first that holds decides. Pure and thread-safe. Rules that need certain names are found by these names, so that a
/// process is held against the few rules that can be meant and against those that look at something else.
/// </summary>
internal sealed class RuleSet
{
    private static readonly Verdict NoEvidence = new([new FiredRule
    {
        Name = "general/no-evidence",
        Kind = WorkloadKind.General,
        Confidence = 0,
        Reason = "nothing that could be read of this process says what it does",
    }]);

    private const int MostRules = 16;
    private readonly Rule[] _rules;
    private readonly FrozenDictionary<string, int[]> _byName;
    private readonly int[] _others;

    public RuleSet(IReadOnlyList<Rule> rules)
    {
        _rules = [.. rules];
        var numbers = Enumerable.Range(0, _rules.Length).ToList();
        _others = [.. numbers.Where(number => _rules[number].When.NeededNames is null)];
        _byName = numbers.SelectMany(number => (_rules[number].When.NeededNames ?? new HashSet<string>()).Select(name => (name, number)))
            .GroupBy(pair => pair.name, pair => pair.number, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.ToArray(), StringComparer.Ordinal);
    }

    public IReadOnlyList<Rule> Rules => _rules;

    public Verdict Classify(ProcessEvidence process)
    {
        Span<int> room = stackalloc int[MostRules];
        var fired = new FiredNumbers(room);
        foreach (var name in process.Names)
            if (_byName.TryGetValue(name, out var named))
                Try(named, process, ref fired);
        Try(_others, process, ref fired);
        if (fired.Count == 0)
            return NoEvidence;

        var rules = new FiredRule[fired.Count];
        for (var i = 0; i < rules.Length; i++)
            rules[i] = _rules[fired.Sorted[i]].Fire(process);
        return new Verdict(rules);
    }

    private void Try(int[] numbers, ProcessEvidence process, ref FiredNumbers fired)
    {
        foreach (var number in numbers)
            if (!fired.Contains(number) && _rules[number].When.Holds(process))
                fired.Add(number);
    }

    /// <summary>Numbers of rules, in order; of more than there is room for, the last are forgotten.</summary>
    private ref struct FiredNumbers(Span<int> room)
    {
        private readonly Span<int> _room = room;

        public int Count { get; private set; }

        public readonly ReadOnlySpan<int> Sorted => _room[..Count];

        public readonly bool Contains(int number) => Sorted.BinarySearch(number) >= 0;

        public void Add(int number)
        {
            var at = ~Sorted.BinarySearch(number);
            if (at >= _room.Length)
                return;
            Count = Math.Min(Count + 1, _room.Length);
            _room[at..(Count - 1)].CopyTo(_room[(at + 1)..]);
            _room[at] = number;
        }
    }
}
