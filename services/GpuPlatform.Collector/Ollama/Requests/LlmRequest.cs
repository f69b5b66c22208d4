using GpuPlatform.Collector.Ollama.Requests.Capture;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>
/// One request at a model server while it passes the proxy. Only its own stream writes it; anybody may read it. Timestamps are those of the clock's
/// <see cref="TimeProvider.GetTimestamp"/>.
/// </summary>
internal sealed class LlmRequest(ModelServer server, LlmEndpoint endpoint, DateTimeOffset startedAt, long startedTimestamp) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private string? _cancelReason;

    public Guid Id { get; } = Guid.CreateVersion7(startedAt);

    public ModelServer Server => server;

    public LlmEndpoint Endpoint => endpoint;

    public DateTimeOffset StartedAt => startedAt;

    public long StartedTimestamp => startedTimestamp;

    /// <summary>Who asks. Its process is filled in while the request runs, by whoever finds it.</summary>
    public required LlmClient Client { get; set; }

    /// <summary>The connection it came over; null when that has no addresses.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>Keeps what passes; null unless somebody switched that on.</summary>
    public ContentCapture? Capture { get; init; }

    /// <summary>The caller's trace, W3C <c>traceparent</c>; null when it sent none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What its tracing systems want to be passed on, W3C <c>tracestate</c>.</summary>
    public string? TraceState { get; init; }

    public RequestFacts Facts { get; set; } = RequestFacts.None;

    /// <summary>The request's last byte was read; null before.</summary>
    public long? ReceivedTimestamp { get; set; }

    /// <summary>It came to wait for a GPU; null when it never did.</summary>
    public long? HeldTimestamp { get; set; }

    /// <summary>It was let go on, or is waiting no longer for another reason; null before.</summary>
    public long? ReleasedTimestamp { get; set; }

    /// <summary>Whether it waits for a GPU now: nothing of it has been passed on.</summary>
    public bool IsHeld => HeldTimestamp is not null && ReleasedTimestamp is null;

    /// <summary>When the server had all it needs to begin: the whole request, and the leave to. Null before.</summary>
    public long? ReadyTimestamp => IsHeld || ReceivedTimestamp is not { } received ? null : ReleasedTimestamp is { } released ? Math.Max(received, released) : received;

    /// <summary>Set when the reply begins, of one that is worth reading.</summary>
    public ReplyReader? Reply { get; set; }

    public int? StatusCode { get; set; }

    public long RequestBytes { get; set; }

    public long ResponseBytes { get; set; }

    /// <summary>True once somebody cancelled it.</summary>
    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>Why it was cancelled, in words; null when a person did it, or nobody.</summary>
    public string? CancelReason => _cancelReason;

    /// <summary>Cancelled when somebody cancels the request.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>
    /// Ends the request: the server stops, and the client sees a broken stream. Safe at any time, from anywhere, and what follows from it runs elsewhere.
    /// </summary>
    /// <param name="reason">Why, of what is not done by hand. The first one stays.</param>
    public void Cancel(string? reason = null)
    {
        if (!IsCancelled) Interlocked.CompareExchange(ref _cancelReason, reason, null);
        try
        {
            _ = _cancelled.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself
        }
    }

    public void Dispose() => _cancelled.Dispose();
}
