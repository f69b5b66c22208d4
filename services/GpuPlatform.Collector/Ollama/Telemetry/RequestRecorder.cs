using System.Collections.Concurrent;
using System.Threading.Channels;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// Makes a record of every request that ended, waits for the sample that tells its energy, and gives it to whoever takes records. The stream's thread only
/// leaves a note.
/// </summary>
internal sealed partial class RequestRecorder : BackgroundService, IRequestObserver
{
    /// <summary>Records that may wait for a sample; beyond them the oldest goes without its energy.</summary>
    internal const int MostWaiting = 1000;

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly RequestRecords _records;
    private readonly EnergyLedger _ledger;
    private readonly ModelGpus _gpus;
    private readonly RequestSpans _spans;
    private readonly IRecordSink[] _sinks;
    private readonly TimeProvider _time;
    private readonly ILogger<RequestRecorder> _logger;
    private readonly TimeSpan _longestWait;
    private readonly ConcurrentDictionary<Guid, LlmRequest> _running = new();
    private readonly ConcurrentQueue<(LlmRequest Request, RequestEnd End)> _ended = new();
    private readonly Queue<WaitingRecord> _waiting = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _waitingCount;

    public RequestRecorder(
        RequestRecords records, EnergyLedger ledger, ModelGpus gpus, RequestSpans spans, IEnumerable<IRecordSink> sinks, IOptions<SamplingOptions> sampling, TimeProvider time,
        ILogger<RequestRecorder> logger)
    {
        (_records, _ledger, _gpus, _spans, _sinks, _time, _logger) = (records, ledger, gpus, spans, [.. sinks], time, logger);
        _longestWait = sampling.Value.Interval * 2 + Margin;
        ledger.Sampled += OnSampled;
    }

    public void Began(LlmRequest request)
    {
        _running[request.Id] = request;
        _ledger.Began();
    }

    public void Ended(LlmRequest request, RequestEnd end)
    {
        if (!_running.ContainsKey(request.Id)) return;
        // In this order it is always in one of them, so that nobody else is given its share of the energy
        _ended.Enqueue((request, end));
        _running.TryRemove(request.Id, out _);
        _ledger.Ended();
        _wake.Writer.TryWrite(true);
    }

    public override void Dispose()
    {
        _ledger.Sampled -= OnSampled;
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // No sample comes any more. A worker that was stopped at once has not even begun
        if (ExecuteTask is { IsCompleted: false }) return;
        TakeEnded();
        while (_waiting.TryDequeue(out var record)) Complete(record);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await using var timer = _time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (await _wake.Reader.WaitToReadAsync(stoppingToken))
            {
                _wake.Reader.TryRead(out _);
                TakeEnded();
                while (_waiting.TryPeek(out var oldest) && (IsReady(oldest) || _waiting.Count > MostWaiting)) Complete(_waiting.Dequeue());
                Volatile.Write(ref _waitingCount, _waiting.Count);
                if (_waiting.TryPeek(out var next)) timer.Change(Max(_longestWait - _time.GetElapsedTime(next.EndedAt), TimeSpan.FromMilliseconds(1)), Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is written by whoever stops this
        }
    }

    // A sample without anybody who waits for it wakes nobody
    private void OnSampled()
    {
        if (Volatile.Read(ref _waitingCount) > 0) _wake.Writer.TryWrite(true);
    }

    private void TakeEnded()
    {
        while (_ended.TryDequeue(out var ended))
        {
            try
            {
                var record = _records.Of(ended.Request, ended.End);
                var work = WorkSpan.Of(ended.Request, record, ended.End.Timestamp, _time);
                _waiting.Enqueue(new WaitingRecord(ended.Request, record, ended.End.Timestamp, work, work.Count > 0 ? _gpus.Of(ended.Request.Server) : []));
                if (ended.Request.Reply?.Failure is { } failure) Log.NotRead(_logger, failure, ended.Request.Id, record.Endpoint);
            }
            catch (Exception e)
            {
                Log.NotRecorded(_logger, e, ended.Request.Id);
            }
        }
        // Only from now on a sample need wake the worker; one that came meanwhile is seen below, since its timestamp is read after this
        Volatile.Write(ref _waitingCount, _waiting.Count);
    }

    private bool IsReady(WaitingRecord waiting) =>
        waiting.Gpus.Count == 0 || _ledger.LastAt >= waiting.EndedAt || _time.GetElapsedTime(waiting.EndedAt) >= _longestWait;

    private void Complete(WaitingRecord waiting)
    {
        var energy = EnergyOf(waiting);
        var record = waiting.Record with
        {
            // Its process may have been found meanwhile
            Client = waiting.Request.Client,
            EnergyJoules = energy?.Joules,
            IdleEnergyJoules = energy?.IdleJoules,
            GpuUuids = energy is null ? [] : waiting.Gpus,
        };
        using var span = _spans.Start(waiting.Request, record);
        if (span.TraceId is { } trace) record = record with { TraceId = trace };
        foreach (var sink in _sinks) Give(sink, record);
    }

    // A record is worth more than its energy
    private EnergyShare? EnergyOf(WaitingRecord waiting)
    {
        try
        {
            var energy = _ledger.Take(waiting.Gpus, waiting.Work, Rivals);
            _ledger.Settle(OldestOpen());
            return energy;
        }
        catch (Exception e)
        {
            Log.NoEnergy(_logger, e, waiting.Record.RequestId);
            return null;
        }
    }

    private void Give(IRecordSink sink, LlmRequestCompleted record)
    {
        try
        {
            sink.Take(record);
        }
        catch (Exception e)
        {
            Log.NotTaken(_logger, e, record.RequestId, sink.GetType().Name);
        }
    }

    private List<WorkSpan> Rivals(string gpu)
    {
        var now = _time.GetTimestamp();
        return
        [
            .. _waiting.Where(other => other.Gpus.Contains(gpu)).SelectMany(other => other.Work),
            .. Open().GroupBy(other => other.Server).Where(group => _gpus.Of(group.Key).Contains(gpu)).SelectMany(group => group).SelectMany(other => WorkSpan.Of(other, now)),
        ];
    }

    // Those that run, and those that ended a moment ago: the running are asked first, since that is the way they go
    private List<LlmRequest> Open() => [.. _running.Values.Concat(_ended.Select(ended => ended.Request)).Distinct()];

    private long OldestOpen() => Open().Select(request => request.StartedTimestamp)
        .Concat(_waiting.Select(waiting => waiting.Request.StartedTimestamp)).DefaultIfEmpty(long.MaxValue).Min();

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private sealed record WaitingRecord(LlmRequest Request, LlmRequestCompleted Record, long EndedAt, IReadOnlyList<WorkSpan> Work, IReadOnlyList<string> Gpus);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The request {Id} at a model server could not be recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception, Guid id);

        [LoggerMessage(Level = LogLevel.Error, Message = "The reply to the request {Id} at {Endpoint} passed, but could not be read: a defect of the collector")]
        public static partial void NotRead(ILogger logger, Exception exception, Guid id, string endpoint);

        [LoggerMessage(Level = LogLevel.Error, Message = "The energy of the request {Id} could not be told")]
        public static partial void NoEnergy(ILogger logger, Exception exception, Guid id);

        [LoggerMessage(Level = LogLevel.Error, Message = "The record of the request {Id} was refused by {Sink}")]
        public static partial void NotTaken(ILogger logger, Exception exception, Guid id, string sink);
    }
}
