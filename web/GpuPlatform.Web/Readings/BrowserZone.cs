using Microsoft.JSInterop;

namespace GpuPlatform.Web.Readings;

/// <summary>The time zone that the browser shows its charts in.</summary>
internal static class BrowserZone
{
    /// <summary>Null when the browser does not say or this host does not know the name; times are then in UTC, and say so.</summary>
    public static async Task<TimeZoneInfo?> ReadAsync(IJSRuntime js, string modulePath)
    {
        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", modulePath);
            return Find(await module.InvokeAsync<string?>("timeZone"));
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The zone of an IANA name, which comes from the browser and may be anything.</summary>
    internal static TimeZoneInfo? Find(string? name) => name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
