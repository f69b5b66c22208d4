using GpuPlatform.Collector.Metrics;
using GpuPlatform.Tests.Architecture;

namespace GpuPlatform.Tests.Collector.Metrics;

public sealed class MetricsPageTests
{
    private const string Page = "docs/metrics.md";

    [Fact]
    public void The_documentation_has_a_line_for_each_metric_with_unit_source_and_cost_and_none_for_others()
    {
        var expected = SampleMetrics.Rows.Select(Line).ToList();
        var written = Repository.Read(Page).Split('\n').SkipWhile(line => !line.StartsWith("| metric | unit, labels | meaning", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        Assert.True(expected.SequenceEqual(written), $"the table in {Page} must be:\n{string.Join('\n', expected)}");
    }

    [Fact]
    public void No_two_metrics_have_one_name() => Assert.Distinct(SampleMetrics.Rows.Select(row => row.Name));

    private static string Line(MetricRow row) =>
        $"| `{row.Name}` | {row.Unit}{(row.Labels.Length > 0 ? $"; {row.Labels}" : "")} | {row.Help.TrimEnd('.')} | {row.Source} | {row.Cost.ToString().ToLowerInvariant()} |";
}
