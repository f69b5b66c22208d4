using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Degraded while a file of the user is not used as it is.</summary>
internal sealed class RulesHealthCheck(ActiveRules active) : IHealthCheck
{
    private const int MostShown = 5;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var book = active.Book;
        return Task.FromResult(book.Problems.Count == 0
            ? HealthCheckResult.Healthy($"{book.Rules.Rules.Count} rules, {book.Origins.Count} of the user")
            : HealthCheckResult.Degraded(string.Join('\n', book.Problems.Take(MostShown))));
    }
}
