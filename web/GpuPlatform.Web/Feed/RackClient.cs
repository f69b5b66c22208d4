using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What came of asking: the answer, or why there is none, in words.</summary>
internal sealed record Asked<T>(T? Answer, string? Problem) where T : class;

/// <summary>What the dashboard asks of the hosts themselves, by way of History.</summary>
internal sealed class RackClient(HttpClient http)
{
    public const int MaxAnswerBytes = 16 * 1024 * 1024;

    /// <summary>History waits for a collector for five seconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Gives a GPU, or all of a host, to the person or back to the models. The answer is the collector's.</summary>
    public Task<Asked<GuardReport>> HandOverAsync(bool yields, NodeGuardRequest request, CancellationToken cancellationToken) => AskAsync(
        limit => http.PostAsJsonAsync(yields ? Routes.GuardYield : Routes.GuardResume, request, WireJson.Default.NodeGuardRequest, limit),
        WireJson.Default.GuardReport, WireCheck.IsWhole, cancellationToken);

    /// <summary>Which host has room for a model, or for an amount of memory as a person writes it.</summary>
    public Task<Asked<RackPlacement>> PlaceAsync(bool isModel, string text, CancellationToken cancellationToken) => AskAsync(
        limit => http.GetAsync(new Uri($"{Routes.Placement}?{(isModel ? "model" : "vram")}={Uri.EscapeDataString(text)}", UriKind.Relative), limit),
        WireJson.Default.RackPlacement, WireCheck.IsWhole, cancellationToken);

    private static async Task<Asked<T>> AskAsync<T>(
        Func<CancellationToken, Task<HttpResponseMessage>> send, JsonTypeInfo<T> type, Func<T?, bool> isWhole, CancellationToken cancellationToken) where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await send(limit.Token);
            if (response.StatusCode is not HttpStatusCode.OK)
                return new(null, ProblemWords.Of(await response.Content.ReadAsStringAsync(limit.Token)) ?? $"History answered {(int)response.StatusCode}");
            var answer = await response.Content.ReadFromJsonAsync(type, limit.Token);
            return isWhole(answer) ? new(answer, null) : new(null, "History answered with holes in its lists");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, HistoryProblem.Of(exception));
        }
    }
}
