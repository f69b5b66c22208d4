using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>The history service's API, as the dashboard uses it.</summary>
internal sealed class HistoryClient(HttpClient http, TimeProvider time)
{
    public const int MaxAnswerBytes = 64 * 1024 * 1024;

    public async Task<RealtimeSnapshot> GetRealtimeAsync(CancellationToken cancellationToken)
    {
        var snapshot = await http.GetFromJsonAsync(Routes.Realtime, WireJson.Default.RealtimeSnapshot, cancellationToken);
        return snapshot ?? throw new InvalidDataException($"{Routes.Realtime} answered null");
    }

    /// <summary>The range with energy and details.</summary>
    public async Task<HistoricalSeries> GetHistoricalAsync(TimeSpan range, CancellationToken cancellationToken)
    {
        var hours = range.TotalHours.ToString("0.####", CultureInfo.InvariantCulture);
        var series = await http.GetFromJsonAsync($"{Routes.Historical}?hours={hours}&details=true", WireJson.Default.HistoricalSeries, cancellationToken);
        return WireCheck.IsWhole(series) ? series! : throw new InvalidDataException($"{Routes.Historical} answered with holes in its lists");
    }

    /// <summary>Figures of the requests that a question selects.</summary>
    public async Task<LlmUsage> GetLlmUsageAsync(LlmQuestion question, CancellationToken cancellationToken)
    {
        var usage = await http.GetFromJsonAsync(Routes.LlmUsage + question.ToQuery(), WireJson.Default.LlmUsage, cancellationToken);
        return WireCheck.IsWhole(usage) ? usage! : throw new InvalidDataException($"{Routes.LlmUsage} answered with holes in its lists");
    }

    /// <summary>The first of the requests themselves, in the order of <paramref name="sort"/>, those with <paramref name="outcome"/> only unless it is null.</summary>
    public async Task<LlmSessionPage> GetLlmSessionsAsync(LlmQuestion question, string sort, string? outcome, int limit, CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{Routes.LlmSessions}{question.ToQuery()}&sort={sort}&limit={limit}")
            + (outcome is null ? "" : $"&outcome={outcome}");
        var page = await http.GetFromJsonAsync(address, WireJson.Default.LlmSessionPage, cancellationToken);
        return WireCheck.IsWhole(page) ? page! : throw new InvalidDataException($"{Routes.LlmSessions} answered with holes in its lists");
    }

    /// <summary>The newest steps of handing GPUs over in the range of a question.</summary>
    public async Task<GuardEventPage> GetGuardEventsAsync(LlmQuestion question, CancellationToken cancellationToken)
    {
        var page = await http.GetFromJsonAsync($"{Routes.GuardEvents}{question.ToQuery()}&limit=1000", WireJson.Default.GuardEventPage, cancellationToken);
        return WireCheck.IsWhole(page) ? page! : throw new InvalidDataException($"{Routes.GuardEvents} answered with holes in its lists");
    }

    /// <summary>What each kind of work used, by hour.</summary>
    public async Task<KindUsage> GetKindUsageAsync(LlmQuestion question, CancellationToken cancellationToken)
    {
        var usage = await http.GetFromJsonAsync(Routes.KindUsage + question.ToQuery(), WireJson.Default.KindUsage, cancellationToken);
        return usage?.Hours.Contains(null!) is false ? usage : throw new InvalidDataException($"{Routes.KindUsage} answered with holes in its lists");
    }

    /// <summary>Processes of a question's range, last come first, those of <paramref name="kind"/> only unless it is null.</summary>
    public async Task<ProcessSessionPage> GetProcessSessionsAsync(LlmQuestion question, string? kind, int limit, CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{Routes.ProcessSessions}{question.ToQuery()}&limit={limit}{(kind is null ? "" : $"&kind={kind}")}");
        var page = await http.GetFromJsonAsync(address, WireJson.Default.ProcessSessionPage, cancellationToken);
        return WireCheck.IsWhole(page) ? page! : throw new InvalidDataException($"{Routes.ProcessSessions} answered with holes in its lists");
    }

    /// <summary>Prompt and reply of one request; null when none were kept or the request is gone.</summary>
    public async Task<LlmContent?> GetLlmContentAsync(Guid requestId, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"{Routes.LlmSessions}/{requestId}", cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(WireJson.Default.LlmRequestCompleted, cancellationToken))?.Content;
    }

    public async Task<LiveStream> OpenLiveAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Live);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            response.EnsureSuccessStatusCode();
            return new LiveStream(await response.Content.ReadAsStreamAsync(cancellationToken), time, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
