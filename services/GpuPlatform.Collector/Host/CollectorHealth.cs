using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Host;

/// <summary>
/// The checks behind <c>/health</c>, asked by the heartbeat and by the API, so that all three say the same. They answer from memory, at once, and
/// are not asked through the framework's service because that logs a line at every degraded answer.
/// </summary>
internal sealed class CollectorHealth(IServiceProvider services, IOptions<HealthCheckServiceOptions> options)
{
    private const string ProblemsKey = "problems";

    /// <summary>All checks now, by name.</summary>
    public HealthVerdict Check() =>
        new([.. options.Value.Registrations.OrderBy(check => check.Name, StringComparer.Ordinal).Select(check => new CheckVerdict(check.Name, Ask(check)))]);

    /// <summary>A result of a check that may find several problems: degraded with each of them, or healthy.</summary>
    public static HealthCheckResult Result(IReadOnlyList<string> problems, string healthy) => problems.Count == 0
        ? HealthCheckResult.Healthy(healthy)
        : HealthCheckResult.Degraded(string.Join("; ", problems), data: new Dictionary<string, object> { [ProblemsKey] = problems });

    private HealthCheckResult Ask(HealthCheckRegistration check)
    {
        try
        {
            var asked = check.Factory(services).CheckHealthAsync(new HealthCheckContext { Registration = check });
            return asked.IsCompleted ? asked.GetAwaiter().GetResult() : HealthCheckResult.Degraded($"the check {check.Name} takes its time");
        }
        catch (Exception e)
        {
            return new HealthCheckResult(check.FailureStatus, $"the check {check.Name} failed: {e.Message}");
        }
    }

    internal static IReadOnlyList<string> ProblemsOf(HealthCheckResult result) => result.Status == HealthStatus.Healthy ? []
        : result.Data.TryGetValue(ProblemsKey, out var problems) && problems is IReadOnlyList<string> list ? list
        : [result.Description ?? "no reason was given"];
}

/// <summary>What one check says.</summary>
internal sealed record CheckVerdict(string Name, HealthCheckResult Result);

/// <summary>What all checks say.</summary>
internal sealed record HealthVerdict(IReadOnlyList<CheckVerdict> Checks)
{
    /// <summary>The worst of all.</summary>
    public HealthStatus Status => Checks.Select(check => check.Result.Status).DefaultIfEmpty(HealthStatus.Healthy).Min();

    /// <summary>What is not as it should be, one entry each.</summary>
    public IReadOnlyList<string> Problems => [.. Checks.SelectMany(check => CollectorHealth.ProblemsOf(check.Result))];
}
