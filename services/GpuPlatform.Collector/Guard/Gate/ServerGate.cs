using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;

namespace GpuPlatform.Collector.Guard.Gate;

/// <summary>
/// The way in to one model server. What waits leaves in the order in which it came, and each only when the one before it has been sent, so that the server
/// gets them in that order too.
/// </summary>
internal sealed class ServerGate : IDisposable
{
    /// <summary>How long the next one waits for one that cannot be sent.</summary>
    internal static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EarlyTimer = TimeSpan.FromMilliseconds(50);

    // Held for a handful of instructions: with an open gate nobody ever waits for it
    private readonly Lock _lock = new();
    private readonly HashSet<LlmRequest> _running = [];
    private readonly LinkedList<HeldRequest> _waiting = [];
    private readonly GateOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _stall;
    private volatile GateSetting _setting = GateSetting.Open;
    private LlmRequest? _sending;
    private long _sendingAt;
    private long _keptBytes;

    public ServerGate(GateOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _stall = time.CreateTimer(_ => Stalled(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised outside of every lock when a request began, ended, came to wait or left.</summary>
    public event Action? Changed;

    public GateSetting Setting => _setting;

    public int RunningCount
    {
        get
        {
            lock (_lock) return CountRunning();
        }
    }

    public int HeldCount
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    public void Set(GateSetting setting)
    {
        lock (_lock)
        {
            _setting = setting;
            LetNextGo();
        }
        Changed?.Invoke();
    }

    /// <summary>Asks for a request. One that passes, or waits, is to be given back with <see cref="Leave"/>.</summary>
    public GateAnswer Enter(LlmRequest request, bool mayMove)
    {
        GateAnswer answer;
        lock (_lock) answer = Decide(request, mayMove);
        if (answer.Passes || answer.Held is not null) Changed?.Invoke();
        return answer;
    }

    /// <summary>Waits until the request may go on, or may no longer wait.</summary>
    public async Task<HoldEnd> WaitAsync(HeldRequest held, CancellationToken cancellation)
    {
        await using var deadline = _time.CreateTimer(_ => Drop(held, HoldEnd.Expired), null, _options.HoldDeadline, Timeout.InfiniteTimeSpan);
        await using var gone = cancellation.UnsafeRegister(_ => Drop(held, HoldEnd.Gone), null);
        return await held.End;
    }

    /// <summary>A request that had waited is on its way.</summary>
    public void Sent(LlmRequest? request)
    {
        lock (_lock)
        {
            if (request is null || _sending != request) return;
            _sending = null;
            LetNextGo();
        }
        Changed?.Invoke();
    }

    /// <summary>A request has ended. For one that was never let in nothing happens.</summary>
    public void Leave(LlmRequest request)
    {
        lock (_lock)
        {
            if (!_running.Remove(request)) return;
            if (_sending == request) _sending = null;
            LetNextGo();
        }
        Changed?.Invoke();
    }

    public int CancelRunning(string reason)
    {
        List<LlmRequest> running;
        lock (_lock) running = [.. _running.Where(IsOnGpu)];
        foreach (var request in running) request.Cancel(reason);
        return running.Count;
    }

    /// <summary>Why a request that waited may wait no longer, for its client.</summary>
    public string Expiry() => $"{NotNow(_setting)}. It waited {_options.HoldDeadline}, the longest that is allowed (Guard:HoldDeadline)"
        + (_setting.Policy == WaitingPolicy.Cpu ? "; to run on the processor it would have to be one of Ollama's own API, with its options named once (Guard:Waiting)" : "");

    public void Dispose() => _stall.Dispose();

    private GateAnswer Decide(LlmRequest request, bool mayMove)
    {
        var (setting, hasRoom) = (_setting, HasRoom());
        if (hasRoom && _waiting.Count == 0 && _sending is null)
        {
            _running.Add(request);
            return default;
        }
        // With room there is only a queue to come after
        if (!hasRoom && setting.Policy == WaitingPolicy.Refuse) return new(null, $"{NotNow(setting)}. Ask again later");
        if (!hasRoom && setting.Policy == WaitingPolicy.Cpu && mayMove) return new(null, null) { NeedsProcessor = true };
        if (setting.Limit is not null && _waiting.Count >= _options.HoldLimit)
            return new(null, $"{NotNow(setting)}, and as many requests wait for it as may ({_options.HoldLimit}, Guard:HoldLimit). Ask again later");
        if (setting.Limit is not null && _keptBytes + request.RequestBytes > _options.HoldMemoryBytes)
            return new(null, $"{NotNow(setting)}, and those who wait for it keep as much in memory as they may ({_options.HoldMemoryBytes} bytes, Guard:HoldMemoryBytes). Ask again later");
        var held = new HeldRequest(request);
        _waiting.AddLast(held);
        _keptBytes += held.KeptBytes;
        return new(held, null);
    }

    private void LetNextGo()
    {
        if (_sending is not null || _waiting.First is not { } first || !HasRoom()) return;
        _waiting.RemoveFirst();
        _keptBytes -= first.Value.KeptBytes;
        (_sending, _sendingAt) = (first.Value.Request, _time.GetTimestamp());
        _running.Add(_sending);
        first.Value.Finish(HoldEnd.Released);
        _stall.Change(SendPatience, Timeout.InfiniteTimeSpan);
    }

    // The timer may have been late for the one before, and it is only this one's turn now
    private void Stalled()
    {
        LlmRequest? stalled;
        lock (_lock) stalled = _sending is not null && _time.GetElapsedTime(_sendingAt) >= SendPatience - EarlyTimer ? _sending : null;
        Sent(stalled);
    }

    private void Drop(HeldRequest held, HoldEnd end)
    {
        lock (_lock)
        {
            // It may have been let go at the same moment: then it goes
            if (!_waiting.Remove(held)) return;
            _keptBytes -= held.KeptBytes;
        }
        held.Finish(end);
        Changed?.Invoke();
    }

    private bool HasRoom() => _setting.Limit is not { } limit || CountRunning() < limit;

    private int CountRunning()
    {
        var count = 0;
        foreach (var request in _running)
            if (IsOnGpu(request)) count++;
        return count;
    }

    // Of a model that is elsewhere under a name that does not say so, the reply does
    private static bool IsOnGpu(LlmRequest request) => request.Reply is not { } reply || !RequestRecords.IsRemote(request, reply.Facts);

    private static string NotNow(GateSetting setting) => setting.Reason.Length == 0 ? "The GPU is not for models now" : $"The GPU is not for models now: {setting.Reason}";
}
