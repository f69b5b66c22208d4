using System.Globalization;
using System.Text;

namespace GpuPlatform.Web.Feed;

/// <summary>Which requests of the past are asked for; null filters nothing.</summary>
public sealed record LlmQuestion(DateTimeOffset From, DateTimeOffset To, string? Node = null, string? Model = null, string? Client = null)
{
    /// <summary>As History takes it, from the question mark on.</summary>
    public string ToQuery()
    {
        var query = new StringBuilder("?start_date=").Append(Instant(From)).Append("&end_date=").Append(Instant(To));
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("node", Node), ("model", Model), ("client", Client)])
        {
            if (value is not null) query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
        return query.ToString();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
