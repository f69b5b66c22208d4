using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.HeldOut;

public sealed class HeldOutAccuracyTests(ITestOutputHelper output)
{
    [Fact]
    public void The_rules_know_processes_that_they_were_not_written_after()
    {
        var rules = BuiltInRules.Create();
        var score = new Scoreboard();
        foreach (var process in HeldOutProcess.All)
        {
            var verdict = rules.Classify(ProcessEvidence.From(process.ToObserved(), process.Os));
            score.Add(process, verdict.Kind, verdict.Rule);
        }

        output.WriteLine(score.Describe());
        Assert.True(score is { Accuracy: >= 0.95, MacroF1: >= 0.93, FalseGamingShare: <= 0.01 }, score.Describe());
    }

    [Fact]
    public void The_set_is_large_and_varied_enough_to_tell()
    {
        var kinds = HeldOutProcess.All.GroupBy(process => process.Expected).ToList();

        Assert.InRange(HeldOutProcess.All.Count, 330, int.MaxValue);
        Assert.Equal(Enum.GetValues<WorkloadKind>().Order(), kinds.Select(kind => kind.Key).Order());
        Assert.All(kinds, kind => Assert.InRange(kind.Count(), 20, int.MaxValue));
        Assert.InRange(HeldOutProcess.All.Count(process => process.Group is not null), 90, int.MaxValue);
        Assert.InRange(HeldOutProcess.All.Count(process => process.OrElse.Count > 0), 0, HeldOutProcess.All.Count / 20);
        Assert.DoesNotContain(HeldOutProcess.All, process => process is { Os: "linux", Name.Length: > 15 });
    }

    [Fact]
    public void The_score_counts_what_is_right_missed_and_given_wrongly()
    {
        var score = new Scoreboard();
        score.Add(Line(WorkloadKind.Gaming), WorkloadKind.Gaming, "");
        score.Add(Line(WorkloadKind.Gaming), WorkloadKind.General, "");
        score.Add(Line(WorkloadKind.General) with { Group = "launcher" }, WorkloadKind.Gaming, "");
        score.Add(Line(WorkloadKind.General) with { Group = "helper", OrElse = [WorkloadKind.Rendering] }, WorkloadKind.Rendering, "");

        Assert.Equal((0.5, 0.5, 0.5), (score.Accuracy, score.MacroF1, score.FalseGamingShare));
        Assert.Contains("General was called Gaming", score.Describe(), StringComparison.Ordinal);
    }

    private static HeldOutProcess Line(WorkloadKind expected) => new() { Expected = expected, Why = "" };
}
