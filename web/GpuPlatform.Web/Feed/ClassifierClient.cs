using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>The one thing the dashboard asks of the classifier: to take a program for what its user says.</summary>
internal sealed class ClassifierClient(HttpClient http)
{
    public const int MaxAnswerBytes = 1024 * 1024;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private const int LongestReason = 300;

    /// <summary>Null when the rule is in force; else why it is not, in words.</summary>
    public async Task<string?> AddRuleAsync(UserRule rule, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await http.PostAsJsonAsync(Routes.Rules, rule, WireJson.Default.UserRule, limit.Token);
            return response.IsSuccessStatusCode ? null
                : Detail(await response.Content.ReadAsStringAsync(limit.Token)) ?? $"the classifier answered {(int)response.StatusCode}";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception is OperationCanceledException ? "the classifier did not answer in time" : "no connection to the classifier";
        }
    }

    // What is wrong with a field is more than the title says
    private static string? Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind is not JsonValueKind.Object) return null;
            var text = problem.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Object
                ? string.Join("; ", errors.EnumerateObject().SelectMany(Texts))
                : Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title");
            return text is { Length: > LongestReason } ? text[..LongestReason] + "…" : string.IsNullOrEmpty(text) ? null : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Texts(JsonProperty field) => field.Value.ValueKind is JsonValueKind.Array
        ? field.Value.EnumerateArray().Where(text => text.ValueKind is JsonValueKind.String).Select(text => $"{field.Name}: {text.GetString()}")
        : [];

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
