using System.Text.RegularExpressions;
using GpuPlatform.Classifier.Rules.Conditions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>Reads a rule file: a list of rules in YAML. docs/rules.md describes it.</summary>
internal sealed partial class RuleFileReader
{
    private const int MostRules = 2000, MostExamples = 1000, LongestSays = 300;
    private const double UsualConfidence = 0.9;
    private static readonly string[] RuleKeys = ["name", "kind", "confidence", "says", "when", "examples", "not"];
    private static readonly string[] NeededKeys = ["name", "kind", "says", "when"];
    private static readonly string[] ExampleKeys = [.. DescriptorReader.Fields, "kind"];

    private readonly Problems _problems = new();
    private readonly NodeValues _values;
    private readonly ConditionReader _conditions;
    private readonly DescriptorReader _descriptors;
    private readonly List<Rule> _rules = [];
    private readonly List<RuleExample> _examples = [];

    private RuleFileReader()
    {
        _values = new NodeValues(_problems, isTyped: false);
        _conditions = new ConditionReader(_values);
        _descriptors = new DescriptorReader(_values);
    }

    public static RuleFile Read(string file, string text)
    {
        var reader = new RuleFileReader();
        reader.ReadRules(YamlText.Read(text, reader._problems));
        return new RuleFile(file, reader._rules, reader._examples, reader._problems.All);
    }

    private void ReadRules(Node? root)
    {
        if (root is null or ScalarNode { IsText: false, Text: "" })
            return;
        if (root is not ListNode { Items.Count: <= MostRules } list)
        {
            _problems.Add(root, "", $"accepted is a list of at most {MostRules} rules, each '- name: …'");
            return;
        }
        foreach (var item in list.Items)
        {
            _problems.Rule = (item as MapNode)?["name"] is ScalarNode name ? name.Text : null;
            ReadRule(item);
            _problems.Rule = null;
        }
    }

    private void ReadRule(Node node)
    {
        var before = _problems.All.Count;
        var (name, says, kind, confidence) = ((string?)null, (string?)null, (WorkloadKind?)null, (double?)UsualConfidence);
        Condition? when = null;
        var (examples, counters) = ((Node?)null, (Node?)null);
        foreach (var (key, _, value) in _values.Known(node, "", RuleKeys))
        {
            switch (key)
            {
                case "name": name = Name(value); break;
                case "kind": kind = _values.Word(value, key, Vocabulary.Kinds); break;
                case "confidence": confidence = _values.Number(value, key, 0, 1); break;
                case "says": says = Says(value); break;
                case "when": when = _conditions.Read(value, key); break;
                case "examples": examples = value; break;
                default: counters = value; break;
            }
        }

        if (node is MapNode map)
            foreach (var needed in NeededKeys.Where(key => map[key] is null))
                _problems.Add(node, needed, $"missing; a rule has {string.Join(", ", NeededKeys)}, and may have {string.Join(", ", RuleKeys.Except(NeededKeys))}");
        if (name is null || kind is not { } known)
            return;
        ReadExamples(examples, name, known, isCounter: false);
        ReadExamples(counters, name, known, isCounter: true);
        if (_problems.All.Count == before)
            _rules.Add(new Rule(name, known, confidence!.Value, says!, when!));
    }

    private string? Name(Node value)
    {
        if (_values.Text(value, "name") is not { } name)
            return null;
        if (!RuleName().IsMatch(name))
            _problems.Add(value, "name", $"is {NodeValues.Form(value)}; accepted are lower-case letters, digits, '-', '.' and '/', at most 64, as in gaming/steam-path");
        else if (_rules.Exists(rule => rule.Name == name))
            _problems.Add(value, "name", "is the name of two rules; accepted is one of its own for each");
        else
            return name;
        return null;
    }

    private string? Says(Node value)
    {
        if (_values.Text(value, "says") is not { } says)
            return null;
        if (says.Length is > 0 and <= LongestSays)
            return says;
        _problems.Add(value, "says", $"has {says.Length} characters; accepted are 1 to {LongestSays}");
        return null;
    }

    private void ReadExamples(Node? node, string rule, WorkloadKind kind, bool isCounter)
    {
        var key = isCounter ? "not" : "examples";
        if (node is null)
            return;
        if (node is not ListNode { Items.Count: <= MostExamples } list)
        {
            _problems.Add(node, key, $"is {NodeValues.Form(node)}; accepted is a list of at most {MostExamples} processes");
            return;
        }
        for (var i = 0; i < list.Items.Count; i++)
        {
            var at = $"{key}[{i}]";
            var process = _descriptors.Read(list.Items[i], at, ExampleKeys);
            var label = (list.Items[i] as MapNode)?["kind"] is { } word ? _values.Word(word, $"{at}.kind", Vocabulary.Kinds) : isCounter ? null : kind;
            _examples.Add(new RuleExample(list.Items[i].Line, rule, process, label, isCounter));
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9./-]{0,63}$")]
    private static partial Regex RuleName();
}
