using System.Collections.Frozen;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard.Gate;

/// <summary>The gates of all model servers.</summary>
/// <param name="ollama">Says which servers there are.</param>
/// <param name="options">How long, and how many, may wait.</param>
/// <param name="servers">What the servers say of themselves, which is looked at only while a gate is not open.</param>
/// <param name="time">For deadlines.</param>
internal sealed class ModelGate(IOptions<OllamaOptions> ollama, IOptions<GateOptions> options, Lazy<ILlmServers> servers, TimeProvider time) : IModelGate, IDisposable
{
    private readonly FrozenDictionary<string, ServerGate> _gates =
        ollama.Value.Servers().ToFrozenDictionary(server => server.Name, _ => new ServerGate(options.Value, time));

    public event Action? Changed
    {
        add
        {
            foreach (var gate in _gates.Values) gate.Changed += value;
        }
        remove
        {
            foreach (var gate in _gates.Values) gate.Changed -= value;
        }
    }

    /// <exception cref="ArgumentException">There is no such server.</exception>
    public void Set(string server, GateSetting setting) => Find(server).Set(setting);

    public int RunningCount(string server) => Find(server).RunningCount;

    public int HeldCount(string server) => Find(server).HeldCount;

    public int CancelRunning(string server, string reason) => Find(server).CancelRunning(reason);

    /// <summary>Asks for a request whose body has been looked at. Whatever the answer, <see cref="Leave"/> is to be called when it has ended.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayMove">Whether it could still be told to leave the GPU alone.</param>
    public GateAnswer Enter(LlmRequest request, bool mayMove = true)
    {
        var gate = Find(request.Server.Name);
        if (request.Facts.Unloads || RequestRecords.IsRemote(request, null)) return default;
        if (gate.Setting.Limit is null) return gate.Enter(request, mayMove: false);
        if (IsListedAsRemote(request)) return default;
        return gate.Enter(request, mayMove && request.Endpoint.Api == LlmApi.Ollama && (request.Server.IsOllama || About(request)?.Kind == LlmServer.Ollama));
    }

    public Task<HoldEnd> WaitAsync(HeldRequest held, CancellationToken cancellation) => Find(held.Request.Server.Name).WaitAsync(held, cancellation);

    public string Expiry(LlmRequest request) => Find(request.Server.Name).Expiry();

    public void Sent(LlmRequest request) => Find(request.Server.Name).Sent(request);

    public void Leave(LlmRequest request) => Find(request.Server.Name).Leave(request);

    public void Dispose()
    {
        foreach (var gate in _gates.Values) gate.Dispose();
    }

    private ServerGate Find(string server) =>
        _gates.TryGetValue(server, out var gate) ? gate : throw new ArgumentException($"There is no model server '{server}'", nameof(server));

    private LlmServer? About(LlmRequest request) => servers.Value.Current.FirstOrDefault(server => server.Name == request.Server.Name);

    // Models of Ollama's makers may have any name, once they were copied
    private bool IsListedAsRemote(LlmRequest request) =>
        request.Facts.Model is { } model && About(request)?.Available is { } available
        && available.Any(other => other.Remote && ModelName.Comparer.Equals(ModelName.Whole(other.Name), ModelName.Whole(model)));
}
