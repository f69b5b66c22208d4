using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>
/// The requests that ended last, as this host tells them without History. Prompts and replies, where they are kept, leave it after their time, or earlier
/// when they are many.
/// </summary>
internal sealed class RecentRequests : IRecordSink, IDisposable
{
    internal const long MostContentCharacters = 16 << 20;
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<LlmRequestCompleted> _ring;
    private readonly int _most;
    private readonly TimeSpan _retention;
    private readonly TimeProvider _time;
    private readonly ITimer? _forgetting;

    public RecentRequests(IOptions<OllamaOptions> options, TimeProvider time)
    {
        (_most, _retention, _time) = (options.Value.RecentRequests, options.Value.CaptureRetention, time);
        _ring = new Queue<LlmRequestCompleted>(Math.Min(_most, 500) + 1);
        if (options.Value.CaptureContent) _forgetting = time.CreateTimer(_ => ForgetContent(), null, ForgetInterval, ForgetInterval);
    }

    public void Take(LlmRequestCompleted record)
    {
        lock (_gate)
        {
            _ring.Enqueue(record);
            if (_ring.Count > _most) _ring.Dequeue();
        }
        if (record.Content is not null) ForgetContent();
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LlmRequestCompleted> Find(RecentFilter filter)
    {
        lock (_gate)
            return [.. _ring.Reverse().Where(filter.Takes).Take(filter.Limit)];
    }

    /// <summary>Null when it is not known, or not any more.</summary>
    public LlmRequestCompleted? Find(Guid id)
    {
        ForgetContent();
        lock (_gate)
            return _ring.FirstOrDefault(record => record.RequestId == id);
    }

    public void Dispose() => _forgetting?.Dispose();

    private void ForgetContent()
    {
        if (_forgetting is null) return;
        lock (_gate)
        {
            var oldest = _time.GetUtcNow() - _retention;
            var characters = 0L;
            var kept = new Stack<LlmRequestCompleted>(_ring.Count);
            foreach (var record in _ring.Reverse())
            {
                characters += (record.Content?.Request?.Length ?? 0) + (record.Content?.Response?.Length ?? 0);
                var isOver = characters > MostContentCharacters || record.StartedAt.AddMilliseconds(record.DurationMs) < oldest;
                kept.Push(isOver && record.Content is not null ? record with { Content = null } : record);
            }
            _ring.Clear();
            foreach (var record in kept) _ring.Enqueue(record);
        }
    }
}

/// <summary>Which requests are asked for; null asks for all.</summary>
/// <param name="Limit">At most so many.</param>
internal sealed record RecentFilter(int Limit)
{
    public string? Model { get; init; }

    public string? Client { get; init; }

    public string? Server { get; init; }

    public LlmOutcome? Outcome { get; init; }

    public bool Takes(LlmRequestCompleted record) =>
        Is(Model, record.Model) && Is(Client, record.Client.Name) && Is(Server, record.Server) && (Outcome is null || Outcome == record.Outcome);

    private static bool Is(string? asked, string? value) => asked is null || string.Equals(asked, value, StringComparison.OrdinalIgnoreCase);
}
