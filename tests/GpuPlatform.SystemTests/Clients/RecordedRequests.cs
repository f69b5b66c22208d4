using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>What the collector tells of the requests that ended.</summary>
internal static class RecordedRequests
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    static readonly HashSet<string> ModelPaths =
    [
        "/api/generate", "/api/chat", "/api/embed", "/api/embeddings", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
    ];

    /// <summary>True for a request of which there has to be a record.</summary>
    public static bool IsAtModel(string method, string target) => method == "POST" && ModelPaths.Contains(target.Split('?')[0]);

    /// <summary>Waits until so many requests are recorded that began at or after an instant; oldest first.</summary>
    public static Task<List<LlmRequestCompleted>> SinceAsync(RunningSystem system, DateTimeOffset since, int count) =>
        Eventually.Get($"{count} requests are recorded", async () =>
        {
            using var client = system.App.CreateHttpClient("collector");
            var list = await client.GetFromJsonAsync<LlmRequestList>($"{Routes.LlmRequests}?limit=500", Json);
            // Started instants are in whole milliseconds
            var records = list!.Requests.Where(record => record.StartedAt >= since.AddMilliseconds(-1)).OrderBy(record => record.RequestId).ToList();
            return records.Count >= count ? records : null;
        });
}
