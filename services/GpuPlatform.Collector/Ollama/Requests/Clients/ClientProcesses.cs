using System.Collections.Concurrent;
using System.Threading.Channels;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Sockets;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>
/// Finds the process behind each connection from this host, beside the request and never in its way: the request gets it as soon as it is known. However
/// many connections come, it takes no more than a tenth of a processor.
/// </summary>
internal sealed partial class ClientProcesses(
    IOptions<OllamaOptions> options, ITcpSockets sockets, SocketHolders holders, IProcessReader processes, ClientNames names, TimeProvider time,
    ILogger<ClientProcesses> logger) : BackgroundService, IRequestObserver
{
    private const int MostWaiting = 256;
    private const int MostKnown = 1024;
    private const int RestFactor = 9;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(20);

    // A search at once would take a processor from the request while that is passed on, and from the first token of a quick model
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(5);

    private readonly bool _isOn = options.Value.FindClientProcess && OperatingSystem.IsLinux();
    private readonly ConcurrentDictionary<string, ClientProcess?> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    // When more come than can be looked up, the oldest are told by name alone
    private readonly Channel<LlmRequest> _waiting = Channel.CreateBounded<LlmRequest>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Nudge _ended = new(time);
    private bool _isToldOfRights;
    private bool _hasFailed;

    public void Began(LlmRequest request)
    {
        if (!_isOn || request.Connection is not { IsFromThisHost: true } connection) return;
        if (_known.TryGetValue(connection.Id, out var process)) Describe(request, process);
        else _waiting.Writer.TryWrite(request);
    }

    // Its client may be gone soon
    public void Ended(LlmRequest request, RequestEnd end)
    {
        if (_isOn && request.Connection is { IsFromThisHost: true } connection && !_known.ContainsKey(connection.Id)) _ended.Set();
    }

    // Without an exception at its end: a host that could not start would tell of one as of a failure of its own
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LookUpAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookUpAsync(CancellationToken stoppingToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            await _ended.WaitAsync(HeadStart, stoppingToken);
            var began = time.GetTimestamp();
            try
            {
                LookUpAll();
                _hasFailed = false;
            }
            catch (Exception e)
            {
                if (!_hasFailed) Log.Failed(logger, e);
                _hasFailed = true;
            }
            var rest = time.GetElapsedTime(began) * RestFactor;
            await Task.Delay(rest < LongestRest ? rest : LongestRest, time, stoppingToken);
        }
    }

    /// <summary>Looks up all that wait, with one look at the open files of processes.</summary>
    internal void LookUpAll()
    {
        var requests = new List<LlmRequest>();
        while (requests.Count < MostWaiting && _waiting.Reader.TryRead(out var request)) requests.Add(request);
        var unknown = requests.Select(request => request.Connection!).Where(connection => !_known.ContainsKey(connection.Id)).Distinct().ToList();
        if (unknown.Count > 0) Find(unknown);
        foreach (var request in requests)
            Describe(request, _known.GetValueOrDefault(request.Connection!.Id));
    }

    private void Find(List<ClientConnection> connections)
    {
        var inodes = sockets.Find([.. connections.Select(connection => connection.OfClient)]);
        var pids = holders.Find(inodes.Values);
        foreach (var connection in connections)
            Remember(connection.Id, inodes.TryGetValue(connection.OfClient, out var inode) && pids.TryGetValue(inode, out var pid) ? Read(pid) : null);
        processes.EndTick();
        if (_isToldOfRights || !holders.WasDenied || pids.Count == inodes.Count) return;
        Log.Denied(logger);
        _isToldOfRights = true;
    }

    private ClientProcess? Read(int pid)
    {
        if (!processes.TryReadStamp(pid, out var stamp)) return null;
        var facts = processes.Read(pid);
        // The pid may have passed to another process between the two reads
        return processes.TryReadStamp(pid, out var after) && after.StartedAt == stamp.StartedAt ? ClientProcess.Of(pid, stamp.StartedAt, facts) : null;
    }

    // That nothing was found is remembered, too: the next request of the connection must not cost another search
    private void Remember(string connection, ClientProcess? process)
    {
        _known[connection] = process;
        _order.Enqueue(connection);
        if (_order.Count > MostKnown && _order.TryDequeue(out var oldest)) _known.TryRemove(oldest, out _);
    }

    private void Describe(LlmRequest request, ClientProcess? process)
    {
        if (process is not null) request.Client = process.Describe(request.Client, names);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message =
            "The open files of other users' processes are closed to this user: which of them asks a model is told by its User-Agent alone")]
        public static partial void Denied(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The processes of clients could not be looked up; further failures are not told until it works again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
