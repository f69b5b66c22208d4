using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Classifier.RuleFiles;

public sealed class UserRulesTests : IDisposable
{
    private const string FooIsGaming = """
        - name: user/foo
          kind: gaming
          says: my game
          when: { name: foo }
        """;

    private readonly TemporaryTree _folder = new();
    private readonly ActiveRules _active;
    private readonly RuleReload _reload;

    public UserRulesTests()
    {
        var builtIn = BuiltInRules.Read();
        _active = new ActiveRules(RuleBook.Of(BuiltInRules.SetOf(builtIn)));
        _reload = new RuleReload(_active, new UserRules(builtIn), new UserRuleFolder(_folder.Root), NullLogger<RuleReload>.Instance);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_leaves_the_built_in_rules()
    {
        var active = new ActiveRules(RuleBook.Of(BuiltInRules.Create()));
        new RuleReload(active, new UserRules(BuiltInRules.Read()), new UserRuleFolder(Path.Combine(_folder.Root, "none")), NullLogger<RuleReload>.Instance).Refresh();

        Assert.Empty(active.Book.Problems);
        Assert.NotEmpty(active.Current.Rules);
    }

    [Fact]
    public void A_rule_of_the_user_comes_before_the_built_in_ones()
    {
        _folder.Write("a.yaml", FooIsGaming.Replace("foo", "ollama", StringComparison.Ordinal));
        _reload.Refresh();

        var verdict = Classify("ollama");

        Assert.Equal((WorkloadKind.Gaming, "user/ollama"), (verdict.Kind, verdict.Rule));
        Assert.Contains(verdict.Rules, rule => rule.Name == "llm/ollama");
        Assert.Equal("a.yaml", _active.Book.Origins["user/ollama"]);
    }

    [Fact]
    public void A_rule_with_the_name_of_a_built_in_one_takes_its_place()
    {
        var count = _active.Current.Rules.Count;
        _folder.Write("a.yaml", FooIsGaming.Replace("user/foo", "llm/ollama", StringComparison.Ordinal));
        _reload.Refresh();

        Assert.Equal(WorkloadKind.Gaming, Classify("foo").Kind);
        Assert.Equal(WorkloadKind.General, Classify("ollama").Kind);
        Assert.Equal(count, _active.Current.Rules.Count);
    }

    [Fact]
    public void A_file_that_was_spoilt_leaves_its_last_good_rules_in_force()
    {
        _folder.Write("a.yaml", FooIsGaming);
        _reload.Refresh();
        _folder.Write("a.yaml", FooIsGaming.Replace("gaming", "gameing", StringComparison.Ordinal));
        _reload.Refresh();

        Assert.Equal(WorkloadKind.Gaming, Classify("foo").Kind);
        var problem = Assert.Single(_active.Book.Problems);
        Assert.StartsWith("a.yaml line 2, rule user/foo, kind: is 'gameing'; accepted are general, gaming, llm-inference", problem, StringComparison.Ordinal);

        _folder.Write("a.yaml", FooIsGaming.Replace("gaming", "mining", StringComparison.Ordinal));
        _reload.Refresh();
        Assert.Equal(WorkloadKind.Mining, Classify("foo").Kind);
        Assert.Empty(_active.Book.Problems);
    }

    [Fact]
    public void A_file_that_is_gone_takes_its_rules_with_it()
    {
        _folder.Write("a.yaml", FooIsGaming);
        _reload.Refresh();
        File.Delete(Path.Combine(_folder.Root, "a.yaml"));
        _reload.Refresh();

        Assert.Equal(WorkloadKind.General, Classify("foo").Kind);
    }

    [Fact]
    public void A_file_that_takes_the_place_of_another_by_its_name_is_seen()
    {
        _folder.Write("a.yaml", FooIsGaming);
        _reload.Refresh();
        _folder.Write(".a.yaml.swp", FooIsGaming.Replace("gaming", "video", StringComparison.Ordinal));
        File.Move(Path.Combine(_folder.Root, ".a.yaml.swp"), Path.Combine(_folder.Root, "a.yaml"), overwrite: true);
        _reload.Refresh();

        Assert.Equal(WorkloadKind.Video, Classify("foo").Kind);
    }

    [Fact]
    public void An_example_that_gets_another_kind_refuses_its_file()
    {
        _folder.Write("a.yaml", FooIsGaming + "\n  examples:\n    - { name: bar }\n");
        _reload.Refresh();

        Assert.Equal(WorkloadKind.General, Classify("foo").Kind);
        Assert.StartsWith("a.yaml line 6, rule user/foo, examples: expected is gaming; general/no-evidence says general", Assert.Single(_active.Book.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_with_a_rule_of_one_name_are_told_and_the_first_holds()
    {
        _folder.Write("a.yaml", FooIsGaming);
        _folder.Write("b.yaml", FooIsGaming.Replace("gaming", "video", StringComparison.Ordinal));
        _reload.Refresh();

        Assert.Equal(WorkloadKind.Gaming, Classify("foo").Kind);
        Assert.StartsWith("b.yaml, rule user/foo: a.yaml has a rule of this name", Assert.Single(_active.Book.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_takes_a_name_of_another_keeps_its_last_good_rules()
    {
        _folder.Write("a.yaml", FooIsGaming);
        _folder.Write("b.yaml", FooIsGaming.Replace("foo", "bar", StringComparison.Ordinal));
        _reload.Refresh();
        _folder.Write("b.yaml", FooIsGaming.Replace("name: foo", "name: bar", StringComparison.Ordinal).Replace("gaming", "video", StringComparison.Ordinal));
        _reload.Refresh();
        _reload.Refresh(evenIfUnchanged: true);

        Assert.Equal((WorkloadKind.Gaming, "user/bar"), (Classify("bar").Kind, Classify("bar").Rule));
        Assert.StartsWith("b.yaml, rule user/foo: a.yaml has a rule of this name", Assert.Single(_active.Book.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_behind_a_link_is_seen_to_change()
    {
        using var elsewhere = new TemporaryTree();
        elsewhere.Write("foo.yaml", FooIsGaming);
        _folder.Link("a.yaml", Path.Combine(elsewhere.Root, "foo.yaml"));
        _reload.Refresh();
        elsewhere.Write("foo.yaml", FooIsGaming.Replace("gaming", "mining", StringComparison.Ordinal) + "\n");
        _reload.Refresh();

        Assert.Equal(WorkloadKind.Mining, Classify("foo").Kind);
    }

    [Fact]
    public void Patterns_that_are_too_much_together_are_told_and_nothing_breaks()
    {
        var patterns = string.Join(", ", Enumerable.Range(0, 200).Select(i => $"'a{i}.{{1,200}}z'"));
        _folder.Write("a.yaml", FooIsGaming.Replace("{ name: foo }", $"{{ path: [{patterns}] }}", StringComparison.Ordinal));
        _folder.Write("b.yaml", FooIsGaming);
        _reload.Refresh();

        Assert.Contains("a.yaml line 4, rule user/foo, when.path: has 200 patterns that are too much", Assert.Single(_active.Book.Problems), StringComparison.Ordinal);
        Assert.Equal(WorkloadKind.Gaming, Classify("foo").Kind);
    }

    [Fact]
    public void Files_that_are_too_large_or_not_text_or_nothing_are_told_and_pass_by()
    {
        _folder.Write("large.yaml", new string('#', (1 << 20) + 1));
        _folder.Write("binary.yaml", [0xff, 0xfe, 0x00]);
        _folder.Write("nothing.yaml", "");
        _folder.Write("z.yaml", FooIsGaming);
        _reload.Refresh();

        Assert.Equal(3, _active.Book.Problems.Count);
        Assert.Equal(WorkloadKind.Gaming, Classify("foo").Kind);
    }

    [Fact]
    public void Whoever_waits_for_other_rules_is_told()
    {
        var changes = 0;
        _active.Changed += () => changes++;
        _folder.Write("a.yaml", FooIsGaming);
        _reload.Refresh();
        _reload.Refresh();

        Assert.Equal(1, changes);
    }

    private Verdict Classify(string name) => _active.Current.Classify(ProcessEvidence.From(new GpuProcessObserved
    {
        NodeId = "desk", GpuUuid = "GPU-1", Pid = 1, StartedAt = default, ObservedAt = default, Change = ProcessChange.Started, Name = name,
    }));
}
