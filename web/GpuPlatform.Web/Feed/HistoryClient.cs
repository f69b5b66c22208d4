using System.Globalization;
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
