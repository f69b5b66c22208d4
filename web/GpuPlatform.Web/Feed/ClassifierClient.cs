using System.Net.Http.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>The one thing the dashboard asks of the classifier: to take a program for what its user says.</summary>
internal sealed class ClassifierClient(HttpClient http)
{
    public const int MaxAnswerBytes = 1024 * 1024;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Null when the rule is in force; else why it is not, in words.</summary>
    public async Task<string?> AddRuleAsync(UserRule rule, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await http.PostAsJsonAsync(Routes.Rules, rule, WireJson.Default.UserRule, limit.Token);
            return response.IsSuccessStatusCode ? null
                : ProblemWords.Of(await response.Content.ReadAsStringAsync(limit.Token)) ?? $"the classifier answered {(int)response.StatusCode}";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception is OperationCanceledException ? "the classifier did not answer in time" : "no connection to the classifier";
        }
    }
}
