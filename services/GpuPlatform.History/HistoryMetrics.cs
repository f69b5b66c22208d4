using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GpuPlatform.History;

/// <summary>What this service counts and traces, on meter and source <c>GpuPlatform.History</c>.</summary>
internal sealed class HistoryMetrics
{
    public const string SourceName = "GpuPlatform.History";
    public static readonly ActivitySource Source = new(SourceName);

    private readonly Counter<long> _messages;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _waits;
    private readonly Counter<long> _expired;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _subscribers;

    public HistoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        _messages = meter.CreateCounter<long>("gpuplatform.history.messages", "{message}", "Messages stored, by type");
        _rows = meter.CreateCounter<long>("gpuplatform.history.rows.inserted", "{row}", "Rows inserted, by message type");
        _duplicates = meter.CreateCounter<long>("gpuplatform.history.duplicates", "{row}", "Rows that were there already, by message type");
        _refused = meter.CreateCounter<long>("gpuplatform.history.refused", "{message}", "Messages with an impossible field, by type and reason");
        _waits = meter.CreateCounter<long>("gpuplatform.history.database.retries", "{retry}", "Attempts to store that found the database away");
        _expired = meter.CreateCounter<long>("gpuplatform.history.rows.expired", "{row}", "Rows removed because their time was over, by table");
        _duration = meter.CreateHistogram<double>("gpuplatform.history.ingest.duration", "s", "From a message's arrival to its commit, by type");
        _subscribers = meter.CreateUpDownCounter<long>("gpuplatform.history.live.subscribers", "{subscriber}", "Open live feeds");
    }

    public void CountStored(string type, int inserted, int duplicates, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("type", type);
        _messages.Add(1, tag);
        _rows.Add(inserted, tag);
        if (duplicates > 0)
            _duplicates.Add(duplicates, tag);
        _duration.Record(duration.TotalSeconds, tag);
    }

    public void CountRefused(string type, string reason) =>
        _refused.Add(1, new("type", type), new KeyValuePair<string, object?>("reason", reason));

    public void CountRetry() => _waits.Add(1);

    public void CountExpired(string table, long rows) => _expired.Add(rows, new KeyValuePair<string, object?>("table", table));

    public void SubscriberCame() => _subscribers.Add(1);

    public void SubscriberLeft() => _subscribers.Add(-1);
}
