using System.Net;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>
/// Ollama. A request without a prompt loads a model, and with <c>keep_alive: 0</c> marks it to go when its last request has ended; a new request with a
/// <c>keep_alive</c> of its own takes the mark away again, so that the gate is to be closed first.
/// </summary>
internal sealed class OllamaEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    private const string Generate = "/api/generate", Embed = "/api/embed";

    public override Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation) => ForEachAsync(models, async model =>
        // What it does not know has gone
        ProblemOf(await PostAsync(Generate, ("model", model), UnloadPatience, cancellation, json =>
        {
            json.WriteNumber("keep_alive", 0);
            json.WriteBoolean("stream", false);
        }), HttpStatusCode.NotFound));

    public override Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation) => ForEachAsync(models, async model =>
    {
        var answer = await PostAsync(Generate, ("model", model), WarmPatience, cancellation, json => json.WriteBoolean("stream", false));
        // A model that only embeds does not generate, not even nothing
        if (answer.Status == HttpStatusCode.BadRequest)
            answer = await PostAsync(Embed, ("model", model), WarmPatience, cancellation, json => json.WriteString("input", ""));
        return ProblemOf(answer);
    });
}
