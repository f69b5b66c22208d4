using GpuPlatform.Classifier.Rules.Reading;

namespace GpuPlatform.Tests.Classifier.Rules;

public sealed class RuleFileReaderTests
{
    [Theory]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { nam: foo }", "f.yaml line 4, rule a/b, when.nam: unknown; accepted are all, any, not, name,")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { path: '(' }", "f.yaml line 4, rule a/b, when.path: '(' is no pattern that can be used:")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { path: '(?=x)' }", "f.yaml line 4, rule a/b, when.path: '(?=x)' is no pattern that can be used:")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { context: [compute, graphix] }", "f.yaml line 4, rule a/b, when.context: is 'graphix'; accepted are compute, graphics,")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { memoryGiB: { min: 4, max: 2 } }", "f.yaml line 4, rule a/b, when.memoryGiB: accepted is a min, a max, or both with min not above max")]
    [InlineData("- name: a/b\n  kind: gaming\n  when: { name: foo }", "f.yaml line 1, rule a/b, says: missing;")]
    [InlineData("- name: A B\n  kind: gaming\n  says: x\n  when: { name: foo }", "f.yaml line 1, rule A B, name: is 'A B'; accepted are lower-case letters")]
    [InlineData("- name: a/b\n  kind: gaming\n  confidence: 2\n  says: x\n  when: { name: foo }", "f.yaml line 3, rule a/b, confidence: is '2'; accepted is a number from 0 to 1")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: {}", "f.yaml line 4, rule a/b, when: is empty;")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { all: foo }", "f.yaml line 4, rule a/b, when.all: is 'foo'; accepted is a list of conditions")]
    [InlineData("- name: a/b\n  kind: gaming\n  says: x\n  when: { name: foo }\n  examples:\n    - { name: foo, contxt: c }", "f.yaml line 6, rule a/b, examples[0].contxt: unknown; accepted are name, exe,")]
    [InlineData("- name: a/b\n  kind: gaming\n  kind: video", "f.yaml line 3: this is not YAML as it is accepted here:")]
    [InlineData("rules: yes", "f.yaml line 1: accepted is a list of at most")]
    [InlineData("- &x\n  name: a", "f.yaml line 1: this is not YAML as it is accepted here: ")]
    [InlineData("- !!str x", "f.yaml line 1: this is not YAML as it is accepted here: ")]
    [InlineData("- a\n---\n- b", "f.yaml line 2: this is not YAML as it is accepted here: ")]
    [InlineData("- [", "f.yaml line 2: this is not YAML as it is accepted here: ")]
    public void A_mistake_is_told_with_file_line_rule_key_and_what_is_accepted(string text, string expected)
    {
        var file = RuleFileReader.Read("f.yaml", text);

        Assert.Contains(file.Problems, problem => problem.In("f.yaml").StartsWith(expected, StringComparison.Ordinal));
        Assert.Empty(file.Rules);
    }

    [Fact]
    public void Mistakes_of_several_rules_are_told_at_once_and_the_others_are_read()
    {
        var file = RuleFileReader.Read("f.yaml", """
            - { name: a/one, kind: gameing, says: x, when: { name: one } }
            - { name: a/two, kind: gaming, says: x, when: { name: two } }
            - { name: a/three, kind: gaming, says: x, when: { name: [] } }
            - { name: a/two, kind: gaming, says: x, when: { name: two } }
            """);

        Assert.Equal(3, file.Problems.Count);
        Assert.Equal(["a/two"], file.Rules.Select(rule => rule.Name));
    }

    [Fact]
    public void Nesting_without_end_is_refused_and_does_not_overflow() =>
        Assert.Single(RuleFileReader.Read("f.yaml", new string('[', 500_000)).Problems);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("[]")]
    public void A_file_may_hold_no_rule(string text) => Assert.Empty(RuleFileReader.Read("f.yaml", text).Problems);
}
