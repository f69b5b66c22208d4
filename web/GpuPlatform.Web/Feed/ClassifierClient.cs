using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What the dashboard asks of the classifier: to take a program for what its user says, and not to any more.</summary>
internal sealed class ClassifierClient(HttpClient http)
{
    public const int MaxAnswerBytes = 1024 * 1024;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The name of the rule that is in force now, where the classifier tells it; else why there is none, in words.</summary>
    public async Task<(string? Rule, string? Problem)> AddRuleAsync(UserRule rule, CancellationToken cancellationToken)
    {
        string? name = null;
        var problem = await AskAsync(token => http.PostAsJsonAsync(Routes.Rules, rule, WireJson.Default.UserRule, token), body => name = Member(body, "name"), cancellationToken);
        return (name, problem);
    }

    /// <summary>Null when the rule is taken back; else why it is not, in words.</summary>
    public Task<string?> RemoveRuleAsync(string name, CancellationToken cancellationToken)
    {
        var address = $"{Routes.Rules}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
        return AskAsync(token => http.DeleteAsync(new Uri(address, UriKind.Relative), token), static _ => { }, cancellationToken);
    }

    private static async Task<string?> AskAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, Action<string> taken, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await send(limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            if (!response.IsSuccessStatusCode) return ProblemWords.Of(body) ?? (response.StatusCode is HttpStatusCode.NotFound ? "the classifier has no such rule" : $"the classifier answered {(int)response.StatusCode}");
            taken(body);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception is OperationCanceledException ? "the classifier did not answer in time" : "no connection to the classifier";
        }
    }

    private static string? Member(string body, string name)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind is JsonValueKind.Object ? ProblemWords.Text(answer.RootElement, name) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
