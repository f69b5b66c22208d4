using Microsoft.Extensions.Options;

namespace GpuPlatform.History;

/// <summary>Configuration section <c>History</c>.</summary>
internal sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>A node that said nothing for longer than this is shown as stale.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A node that said nothing for longer than this leaves the live state.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Nodes in the live state; what others send is stored, but not shown live.</summary>
    public int MaxNodes { get; set; } = 1000;

    /// <summary>Readers of the live feed at the same time; one more is answered with 503.</summary>
    public int MaxFeeds { get; set; } = 200;

    /// <summary>How far ahead of this host's clock a reading may be dated before it is refused.</summary>
    public TimeSpan MaxClockLead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Messages that are stored at the same time.</summary>
    public int IngestConcurrency { get; set; } = 8;

    /// <summary>Time-out of one statement, in ingest and in queries.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests at model servers, and the coming and going of models, are kept.</summary>
    public TimeSpan LlmRetention { get; set; } = TimeSpan.FromDays(366);

    /// <summary>How long prompts and replies are kept, where collectors send them at all.</summary>
    public TimeSpan LlmContentRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the steps of hand-overs are kept.</summary>
    public TimeSpan GuardRetention { get; set; } = TimeSpan.FromDays(366);

    /// <summary>How long processes, their kinds and what they used are kept after they were last seen.</summary>
    public TimeSpan ProcessRetention { get; set; } = TimeSpan.FromDays(366);
}

/// <summary>Checks the section when the host starts; every message names its configuration key and what is accepted.</summary>
internal sealed class HistoryOptionsValidator(IConfiguration configuration) : IValidateOptions<HistoryOptions>
{
    // The dashboard's key: settings files may be shared by the services of a host
    private const string Elsewhere = "BaseAddress";

    private static readonly string[] Keys =
    [
        nameof(HistoryOptions.StaleAfter), nameof(HistoryOptions.ForgetAfter), nameof(HistoryOptions.MaxNodes), nameof(HistoryOptions.MaxFeeds),
        nameof(HistoryOptions.MaxClockLead), nameof(HistoryOptions.IngestConcurrency), nameof(HistoryOptions.CommandTimeout),
        nameof(HistoryOptions.LlmRetention), nameof(HistoryOptions.LlmContentRetention), nameof(HistoryOptions.GuardRetention),
        nameof(HistoryOptions.ProcessRetention),
    ];

    public ValidateOptionsResult Validate(string? name, HistoryOptions options)
    {
        var problems = configuration.GetSection(HistoryOptions.Section).GetChildren()
            .Where(child => !Keys.Append(Elsewhere).Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is unknown; known are {string.Join(", ", Keys)}.").ToList();
        Between(nameof(options.StaleAfter), options.StaleAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Between(nameof(options.ForgetAfter), options.ForgetAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366));
        Between(nameof(options.MaxNodes), options.MaxNodes, 1, 100_000);
        Between(nameof(options.MaxFeeds), options.MaxFeeds, 1, 10_000);
        Between(nameof(options.MaxClockLead), options.MaxClockLead, TimeSpan.Zero, TimeSpan.FromDays(1));
        Between(nameof(options.IngestConcurrency), options.IngestConcurrency, 1, 64);
        Between(nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Between(nameof(options.LlmRetention), options.LlmRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3660));
        Between(nameof(options.LlmContentRetention), options.LlmContentRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3660));
        Between(nameof(options.GuardRetention), options.GuardRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3660));
        Between(nameof(options.ProcessRetention), options.ProcessRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3660));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Between<T>(string key, T value, T least, T most) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                problems.Add($"{HistoryOptions.Section}:{key} is {value}; accepted is {least} to {most}.");
        }
    }
}
