using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier;

public sealed class RuleSetTests
{
    private static GpuProcessObserved Process(string? name, string? executable = null, params string[] arguments) => new()
    {
        NodeId = "desk", GpuUuid = "GPU-1", Pid = 1, StartedAt = default, ObservedAt = default, Change = ProcessChange.Started,
        Name = name, ExecutablePath = executable, CommandLine = arguments,
    };

    private static Verdict Classify(GpuProcessObserved process) => BuiltInRules.Create().Classify(ProcessEvidence.From(process));

    [Fact]
    public void A_verdict_names_the_rule_and_quotes_the_evidence()
    {
        var verdict = Classify(Process("game") with { ControlGroup = "/user.slice/app-steam-app570-12.scope" });

        Assert.Equal("gaming/steam-cgroup", verdict.Rule);
        Assert.Contains("its control group ends in 'app-steam-app570-12.scope'", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_evidence_the_kind_is_general_and_the_confidence_zero()
    {
        var verdict = Classify(Process(null));

        Assert.Equal(("general/no-evidence", WorkloadKind.General, 0d), (verdict.Rule, verdict.Kind, verdict.Confidence));
    }

    [Fact]
    public void A_name_cut_by_the_kernel_is_recognised_only_at_full_fifteen_bytes()
    {
        Assert.Equal(WorkloadKind.LlmInference, Classify(Process("text-generation-launcher"[..15])).Kind);
        Assert.Equal(WorkloadKind.General, Classify(Process("text-gen")).Kind);
    }

    [Fact]
    public void A_program_replaced_on_disk_keeps_its_name() =>
        Assert.Equal(WorkloadKind.Desktop, Classify(Process(null, "/usr/bin/gnome-shell (deleted)")).Kind);

    [Fact]
    public void Hostile_text_neither_throws_nor_stalls()
    {
        var hostile = new string('/', 50_000) + "\0\uD800" + new string('a', 50_000);

        Assert.Equal(WorkloadKind.General, Classify(Process(hostile, hostile, hostile, "", hostile)).Kind);
    }

    [Fact]
    public void Every_reason_and_rule_name_fits_the_history()
    {
        var longest = new string('x', 5000);
        var verdict = Classify(Process("x", $"/steamapps/common/{longest}/{longest}"));

        Assert.True(verdict.Reason.Length < 1024, $"{verdict.Reason.Length}");
    }
}
