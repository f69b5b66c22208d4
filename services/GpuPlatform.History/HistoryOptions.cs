using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History;

/// <summary>Configuration section <c>History</c>.</summary>
internal sealed class HistoryOptions
{
    /// <summary>A node that said nothing for longer than this is shown as stale.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "History:StaleAfter must be between {1} and {2}.")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A node that said nothing for longer than this leaves the live state.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00", ErrorMessage = "History:ForgetAfter must be between {1} and {2}.")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How far ahead of this host's clock a reading may be dated before it is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "History:MaxClockLead must be between {1} and {2}.")]
    public TimeSpan MaxClockLead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Messages that are stored at the same time.</summary>
    [Range(1, 64, ErrorMessage = "History:IngestConcurrency must be between {1} and {2}.")]
    public int IngestConcurrency { get; set; } = 8;

    /// <summary>Time-out of one statement, in ingest and in queries.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "History:CommandTimeout must be between {1} and {2}.")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the options when the host starts; every message names its configuration key.</summary>
[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
