using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Looks after one model server: what it says of itself and its models, what changed, and whether it answers at all.</summary>
internal sealed partial class ServerWatch(ModelServer server, string nodeId, RequestLog log, ServerRequests requests, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MostOdditiesSaid = 100;

    private readonly ServerClient _client = new(server.Upstream, time);
    private readonly ResidencyTracker _tracker = new(nodeId, server.Name, time);
    private readonly HashSet<string> _odditiesSaid = [];
    private IServerReader? _reader;
    private TimeSpan? _silentSince;
    private bool _tellsResidency;
    private LlmServer _seen = new()
    {
        Name = server.Name, Kind = server.IsOllama ? LlmServer.Ollama : null, Upstream = server.Upstream.GetLeftPart(UriPartial.Authority),
    };

    public ModelServer Server => server;

    /// <summary>As it was at the last look, without what the proxy knows of it.</summary>
    public LlmServer Seen => Volatile.Read(ref _seen);

    /// <summary>Looks in a row at which it did not say what it should.</summary>
    public int FailureCount { get; private set; }

    /// <summary>Models that are loaded again and again, in words.</summary>
    public IReadOnlyList<string> Thrashing { get; private set; } = [];

    /// <summary>True while requests are under way at it.</summary>
    public bool IsBusy => Running.Any();

    /// <summary>True when a look is worth its while before its time: a load ended, a model is being loaded, or somebody asks a server that was away.</summary>
    public bool WantsLook => requests.IsUrgent || (IsBusy && (FailureCount > 0 || (_tellsResidency && Awaited().Any(model => !_tracker.Has(model)))));

    // A request that is held is not at the server
    private IEnumerable<LlmRequest> Running => log.Running.Where(request => request.Server.Name == server.Name && !request.IsHeld);

    /// <summary>One look. Throws nothing but at the end of the program; gives what is to be told.</summary>
    public async Task<IReadOnlyList<ModelResidencyChanged>> LookAsync(CancellationToken cancellation)
    {
        requests.IsUrgent = false;
        try
        {
            _reader ??= await ServerReaders.ChooseAsync(server, _client, time, cancellation);
            return Answered(await _reader.ReadAsync(IsBusy, cancellation));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Failed(e);
            return [];
        }
    }

    /// <summary>What would be told later, now.</summary>
    public IReadOnlyList<ModelResidencyChanged> Close() => _tracker.Close();

    public void Dispose() => _client.Dispose();

    private IReadOnlyList<ModelResidencyChanged> Answered(ServerReading reading)
    {
        var silence = _silentSince is { } since ? time.Monotonic() - since : (TimeSpan?)null;
        var isBack = silence is not null || !_seen.Reachable;
        // A server that does not tell what is in memory cannot lose a model either
        var ended = requests.Take();
        var changes = reading.Resident is { } resident ? _tracker.Look(resident, ended, Awaited().ToHashSet(ModelName.Comparer), silence) : [];
        (_silentSince, _tellsResidency, FailureCount, Thrashing) = (null, reading.Resident is not null, 0, _tracker.Thrashing);
        Volatile.Write(ref _seen, new LlmServer
        {
            Name = _seen.Name,
            Kind = reading.Kind,
            Upstream = _seen.Upstream,
            Reachable = true,
            Problem = Thrashing.Count == 0 ? null : string.Join("; ", Thrashing),
            Version = reading.Version,
            Resident = reading.Resident is null ? [] : _tracker.Resident,
            Available = reading.Available,
            RequestsRunning = reading.Load.Running,
            RequestsWaiting = reading.Load.Waiting,
            CacheUsedPercent = reading.Load.CacheUsedPercent,
        });
        if (isBack) Log.Answers(logger, server.Name, server.Upstream, reading.Version ?? "unknown");
        foreach (var oddity in reading.Oddities)
            if (_odditiesSaid.Count < MostOdditiesSaid && _odditiesSaid.Add(oddity)) Log.NotUnderstood(logger, oddity, server.Name);
        return changes;
    }

    private void Failed(Exception exception)
    {
        // What comes back may be another server, or another version
        _reader = null;
        _silentSince ??= time.Monotonic();
        var answered = exception is ServerProblem { Answered: true };
        var problem = $"{server.Name} {(answered ? "answers, but not as it should" : "does not answer")}: {exception.Message}";
        if (FailureCount++ == 0) Log.DoesNotAnswer(logger, server.Name, server.Upstream, problem);
        Volatile.Write(ref _seen, new LlmServer { Name = _seen.Name, Kind = _seen.Kind, Upstream = _seen.Upstream, Reachable = answered, Problem = problem });
    }

    private IEnumerable<string> Awaited() => Running.Select(request => request.Facts.Model).OfType<string>().Select(ModelName.Whole);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Model server {Server} at {Upstream} answers, version {Version}")]
        public static partial void Answers(ILogger logger, string server, Uri upstream, string version);

        [LoggerMessage(Level = LogLevel.Information, Message = "Model server {Server} at {Upstream} cannot be asked for its models, and is tried again: {Problem}")]
        public static partial void DoesNotAnswer(ILogger logger, string server, Uri upstream, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Field} of model server {Server} is not understood and left out; this is said once")]
        public static partial void NotUnderstood(ILogger logger, string field, string server);
    }
}
