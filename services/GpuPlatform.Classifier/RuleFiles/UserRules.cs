using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>
/// Puts the user's rules before the built-in ones. Of a file with a mistake the last good rules stay in force; a rule with the name of a
/// built-in one takes its place.
/// </summary>
internal sealed class UserRules(IReadOnlyList<RuleFile> builtIn)
{
    private readonly Dictionary<string, RuleFile> _good = new(StringComparer.Ordinal);

    public RuleBook Read(IReadOnlyList<UserRuleText> texts)
    {
        var problems = new List<string>();
        foreach (var gone in _good.Keys.Except(texts.Select(text => text.Name)).ToList())
            _good.Remove(gone);

        var files = RefuseSharedNames(texts.Select(text => Parsed(text, problems)).OfType<RuleFile>(), problems);
        RefuseFailedExamples(files, problems);
        foreach (var file in files)
            _good[file.Name] = file;
        return Compose(files, problems);
    }

    private RuleFile? Parsed(UserRuleText text, List<string> problems)
    {
        if (text.Text is null)
        {
            problems.Add($"{text.Name}: {text.Problem}");
            return _good.GetValueOrDefault(text.Name);
        }
        var file = RuleFileReader.Read(text.Name, text.Text);
        problems.AddRange(file.Problems.Select(problem => problem.In(file.Name)));
        return file.Problems.Count == 0 ? file : _good.GetValueOrDefault(text.Name);
    }

    private List<RuleFile> RefuseSharedNames(IEnumerable<RuleFile> files, List<string> problems)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = new List<RuleFile>();
        foreach (var file in files)
        {
            var shared = Shared(file);
            problems.AddRange(shared.Select(rule => $"{file.Name}, rule {rule.Name}: {owners[rule.Name]} has a rule of this name; accepted is one of its own for each"));
            var usable = shared.Count == 0 ? file : _good.GetValueOrDefault(file.Name);
            if (usable is null || Shared(usable).Count > 0)
                continue;
            kept.Add(usable);
            foreach (var rule in usable.Rules)
                owners[rule.Name] = usable.Name;
        }
        return kept;

        List<Rule> Shared(RuleFile file) => [.. file.Rules.Where(rule => owners.ContainsKey(rule.Name))];
    }

    private void RefuseFailedExamples(List<RuleFile> files, List<string> problems)
    {
        if (files.TrueForAll(file => file.Examples.Count == 0))
            return;
        var rules = Compose(files, []).Rules;
        foreach (var file in files.ToList())
        {
            var failed = file.FailedExamples(rules);
            if (failed.Count == 0)
                continue;
            problems.AddRange(failed.Select(problem => problem.In(file.Name)));
            var at = files.IndexOf(file);
            files.RemoveAt(at);
            if (_good.TryGetValue(file.Name, out var good) && good != file)
                files.Insert(at, good);
        }
    }

    private RuleBook Compose(List<RuleFile> files, List<string> problems)
    {
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            foreach (var rule in file.Rules)
                origins[rule.Name] = file.Name;
        var own = files.SelectMany(file => file.Rules);
        var others = builtIn.SelectMany(file => file.Rules).Where(rule => !origins.ContainsKey(rule.Name));
        return new RuleBook(new RuleSet([.. own, .. others]), origins, problems);
    }
}
