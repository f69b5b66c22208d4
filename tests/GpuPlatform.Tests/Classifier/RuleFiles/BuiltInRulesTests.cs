using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.RuleFiles;

public sealed class BuiltInRulesTests
{
    private static readonly IReadOnlyList<RuleFile> Files = BuiltInRules.Read();
    private static readonly RuleSet Rules = BuiltInRules.Create();

    public static TheoryData<string> Names => [.. Files.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_beside_a_rule_gets_its_kind(string name)
    {
        var failed = Files.Single(file => file.Name == name).FailedExamples(Rules).Select(problem => problem.In(name));

        Assert.True(!failed.Any(), string.Join('\n', failed));
    }

    [Fact]
    public void There_are_250_examples_and_15_of_each_kind()
    {
        var labels = Files.SelectMany(file => file.Examples).Select(example => example.Kind).OfType<WorkloadKind>().ToList();

        Assert.True(labels.Count >= 250, $"{labels.Count} examples");
        foreach (var kind in Enum.GetValues<WorkloadKind>())
            Assert.True(labels.Count(label => label == kind) >= 15, $"{labels.Count(label => label == kind)} examples of {kind}");
    }

    [Fact]
    public void Every_rule_has_an_example_that_it_decides()
    {
        var deciding = Files.SelectMany(file => file.Examples).Select(example => Rules.Classify(example.Process).Rule).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Rules.Rules.Select(rule => rule.Name), name => !deciding.Contains(name));
    }

    [Fact]
    public void Rule_names_are_unique() =>
        Assert.Equal(Rules.Rules.Count, Rules.Rules.Select(rule => rule.Name).Distinct(StringComparer.Ordinal).Count());
}
