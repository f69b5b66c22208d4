using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier;

public sealed class ClassificationExamplesTests
{
    private static readonly RuleSet Rules = BuiltInRules.Create();

    public static TheoryData<string> Lines => [.. ClassificationExamples.Table.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_labelled_line_gets_its_kind(string line)
    {
        var (kind, process) = ClassificationExamples.Parse(line);

        var verdict = Rules.Classify(ProcessEvidence.From(process));

        Assert.True(verdict.Kind == kind, $"expected {kind}, got {verdict.Kind} by {verdict.Rule} ({verdict.Reason}): {line}");
    }

    [Fact]
    public void The_table_holds_at_least_sixty_lines_and_every_kind() =>
        Assert.Multiple(
            () => Assert.True(Lines.Count >= 60, $"{Lines.Count} lines"),
            () => Assert.Equal(Enum.GetValues<WorkloadKind>(), Lines.Select(row => ClassificationExamples.Parse(row.Data).Kind).Distinct().Order()));
}
