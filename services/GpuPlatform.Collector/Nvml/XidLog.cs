using System.Collections.Concurrent;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// The errors the driver reported, counted since the collector started and across all sessions. A count and a time, because a last value would
/// never go away.
/// </summary>
internal sealed partial class XidLog(NvmlCounters counters, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, IReadOnlyList<GpuXid>> _byUuid = new();
    private readonly Dictionary<(string Uuid, int Code), long> _loggedAt = [];
    private readonly Lock _oneAtATime = new();

    /// <summary>A GPU's errors by code; null when nobody listens to that GPU.</summary>
    public IReadOnlyList<GpuXid>? Of(string uuid) => _byUuid.GetValueOrDefault(uuid);

    /// <summary>From now on the GPU's errors are heard.</summary>
    public void Listen(string uuid) => _byUuid.TryAdd(uuid, []);

    public void Add(string uuid, int index, ulong data)
    {
        // Codes have three digits; what is none must not become a series of its own
        var code = data < XidMeaning.Unknown ? (int)data : XidMeaning.Unknown;
        lock (_oneAtATime)
        {
            var known = _byUuid.GetValueOrDefault(uuid) ?? [];
            var count = 1 + (known.FirstOrDefault(xid => xid.Code == code)?.Count ?? 0);
            var entry = new GpuXid { Code = code, Count = count, LastAt = clock.GetUtcNow() };
            _byUuid[uuid] = [.. known.Where(xid => xid.Code != code).Append(entry).OrderBy(xid => xid.Code)];
            Say(uuid, index, code, count);
        }
        // Last: whoever sees the counter move finds the rest
        counters.Xid(uuid, index, code);
    }

    public void AddMemoryError(string uuid, int index, bool isCorrected) => counters.MemoryError(uuid, index, isCorrected);

    // Some errors come by the thousand: a line a minute, with the count, says as much
    private void Say(string uuid, int index, int code, long count)
    {
        if (_loggedAt.TryGetValue((uuid, code), out var at) && clock.GetElapsedTime(at) < LogInterval)
            return;
        _loggedAt[(uuid, code)] = clock.GetTimestamp();
        var (text, level) = XidMeaning.Of(code);
        Log.Reported(logger, level, index, uuid, code, text, count);
    }

    private static partial class Log
    {
        [LoggerMessage(Message = "GPU {Index} ({Uuid}) reported XID {Code}: {Meaning}; {Count} since start")]
        public static partial void Reported(ILogger logger, LogLevel level, int index, string uuid, int code, string meaning, long count);
    }
}
