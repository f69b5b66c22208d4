using System.Collections.Frozen;
using GpuPlatform.Classifier.Rules.Conditions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>
/// Ordered rules: the first that holds decides. Pure and thread-safe. Rules that need certain names are found by these names, and those that need a text
/// that fits are tried only when one of them all does, so that a process is held against the few rules that can be meant.
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
    private readonly TextBucket[] _byText;
    private readonly int[] _others;

    public RuleSet(IReadOnlyList<Rule> rules)
    {
        _rules = [.. rules];
        var numbers = Enumerable.Range(0, _rules.Length).ToList();
        _others = [.. numbers.Where(number => _rules[number].When.Needs is null)];
        _byText = [.. numbers.Where(number => _rules[number].When.Needs is { Fits.Count: > 0 }).GroupBy(number => _rules[number].When.Needs!.Fits[0].Texts)
            .SelectMany(same => Buckets([.. same]))];
        _byName = numbers.SelectMany(number => (_rules[number].When.Needs?.Names ?? FrozenSet<string>.Empty).Select(name => (name, number)))
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
        foreach (var bucket in _byText)
            if (bucket.Any?.Holds(process) != false)
                Try(bucket.Numbers, process, ref fired);
        Try(_others, process, ref fired);
        if (fired.Count == 0)
            return NoEvidence;

        var rules = new FiredRule[fired.Count];
        for (var i = 0; i < rules.Length; i++)
            rules[i] = _rules[fired.Sorted[i]].Fire(process);
        return new Verdict(rules);
    }

    // Many patterns as one take one pass, as long as they are not too much for it
    private IEnumerable<TextBucket> Buckets(int[] numbers)
    {
        var fits = numbers.SelectMany(number => _rules[number].When.Needs!.Fits).ToList();
        if (TextFits.TryJoin(fits) is { } any) return [new TextBucket(any, numbers)];
        return numbers.Length == 1 ? [new TextBucket(null, numbers)] : [.. Buckets(numbers[..(numbers.Length / 2)]), .. Buckets(numbers[(numbers.Length / 2)..])];
    }

    private void Try(int[] numbers, ProcessEvidence process, ref FiredNumbers fired)
    {
        foreach (var number in numbers)
            if (!fired.Contains(number) && _rules[number].When.Holds(process))
                fired.Add(number);
    }

    /// <summary>Rules that need a text of one sort.</summary>
    /// <param name="Any">Holds when one of their texts fits; null when that cannot be asked at once.</param>
    /// <param name="Numbers">The rules.</param>
    private sealed record TextBucket(TextFits? Any, int[] Numbers);

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
