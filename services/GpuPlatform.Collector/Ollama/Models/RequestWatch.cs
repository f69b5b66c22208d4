using System.Collections.Frozen;
using System.Threading.Channels;
using GpuPlatform.Collector.Ollama.Requests;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Notes what requests tell of models, for the loops that look after them.</summary>
internal sealed class RequestWatch(IOptions<OllamaOptions> options, TimeProvider time) : IRequestObserver
{
    private readonly FrozenDictionary<string, ServerRequests> _servers =
        options.Value.Servers().ToFrozenDictionary(server => server.Name, _ => new ServerRequests(time));

    /// <summary>Set when a request begins or ends.</summary>
    public Nudge Activity { get; } = new(time);

    public ServerRequests Of(ModelServer server) => _servers[server.Name];

    public void Began(LlmRequest request)
    {
        if (_servers.TryGetValue(request.Server.Name, out var server)) server.Nudge.Set();
        Activity.Set();
    }

    public void Ended(LlmRequest request, RequestEnd end)
    {
        if (_servers.TryGetValue(request.Server.Name, out var server) && EvidenceOf(request) is { } evidence) server.Add(evidence);
        Activity.Set();
    }

    private RequestEvidence? EvidenceOf(LlmRequest request)
    {
        var reply = request.Reply?.Facts;
        if ((request.Facts.Model ?? reply?.Model) is not { } model || reply is { Remote: true }) return null;
        return new RequestEvidence(ModelName.Whole(model), request.Facts.ContextLength, time.Monotonic(request.ReadyTimestamp ?? request.StartedTimestamp),
            reply?.Load, reply?.FinishReason == "unload");
    }
}

/// <summary>What the requests at one server told since they were last asked for.</summary>
internal sealed class ServerRequests(TimeProvider time)
{
    // Beyond it the oldest are forgotten: they were about to say the same
    private const int MostWaiting = 4096;
    private static readonly TimeSpan LongLoad = TimeSpan.FromSeconds(1);

    private readonly Channel<RequestEvidence> _waiting = Channel.CreateBounded<RequestEvidence>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private volatile bool _isUrgent;

    /// <summary>Set when a request begins, or has told something that is worth a look.</summary>
    public Nudge Nudge { get; } = new(time);

    /// <summary>True when what is in memory has probably changed.</summary>
    public bool IsUrgent
    {
        get => _isUrgent;
        set => _isUrgent = value;
    }

    public void Add(RequestEvidence evidence)
    {
        _waiting.Writer.TryWrite(evidence);
        if (!evidence.Unloads && !(evidence.Load >= LongLoad)) return;
        _isUrgent = true;
        Nudge.Set();
    }

    public IReadOnlyList<RequestEvidence> Take()
    {
        var taken = new List<RequestEvidence>();
        while (_waiting.Reader.TryRead(out var evidence)) taken.Add(evidence);
        return taken;
    }
}
