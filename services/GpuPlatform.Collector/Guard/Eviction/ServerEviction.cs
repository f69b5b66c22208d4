using System.Buffers;
using System.Net;
using System.Text.Json;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>How the models of one kind of server are made to leave, and to come back.</summary>
internal abstract class ServerEviction(IServerReader reader, ServerClient client)
{
    /// <summary>How long a server may take to let a model go: some wait for its process.</summary>
    internal static readonly TimeSpan UnloadPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long a load may take.</summary>
    internal static readonly TimeSpan WarmPatience = TimeSpan.FromMinutes(5);

    private const int LongestWords = 200;

    protected ServerClient Client => client;

    /// <exception cref="ServerProblem">It does not answer.</exception>
    public static async Task<ServerEviction> ChooseAsync(ModelServer server, ServerClient client, TimeProvider time, CancellationToken cancellation)
    {
        var reader = await ServerReaders.ChooseAsync(server, client, time, cancellation);
        if (reader is OllamaReader) return new OllamaEviction(reader, client);
        return (await reader.ReadAsync(isBusy: false, cancellation)).Kind switch
        {
            "vllm" => new VllmEviction(reader, client),
            "llama-swap" => new LlamaSwapEviction(reader, client),
            "llama.cpp" => new LlamaCppEviction(reader, client),
            "lm-studio" => new LmStudioEviction(reader, client),
            _ => new NoEviction(reader, client),
        };
    }

    /// <summary>Models that have GPU memory, or may have; null when the server does not say.</summary>
    /// <exception cref="ServerProblem">It does not answer.</exception>
    public virtual async Task<IReadOnlyList<string>?> LookAsync(CancellationToken cancellation) =>
        (await reader.ReadAsync(isBusy: false, cancellation)).Resident?.Select(model => model.Model).Where(MayUseGpu).Select(model => model.Name).ToList();

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public abstract Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation);

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public abstract Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation);

    /// <summary>Asks for each model at once; gives what went wrong with any.</summary>
    protected static async Task<string?> ForEachAsync(IReadOnlyList<string> models, Func<string, Task<string?>> ask)
    {
        var problems = (await Task.WhenAll(models.Select(ask))).OfType<string>().Distinct().ToList();
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>Posts a JSON object with one text, or the one that <paramref name="more"/> adds to.</summary>
    protected async Task<ServerAnswer> PostAsync(string path, (string Name, string Value) text, TimeSpan patience, CancellationToken cancellation, Action<Utf8JsonWriter>? more = null)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString(text.Name, text.Value);
            more?.Invoke(json);
            json.WriteEndObject();
        }
        return await client.PostAsync(path, body.WrittenMemory, patience, cancellation);
    }

    /// <summary>What an answer says of a failure; null of one that says of none.</summary>
    protected static string? ProblemOf(ServerAnswer answer, params IReadOnlyCollection<HttpStatusCode> alsoGood)
    {
        if (alsoGood.Contains(answer.Status)) return null;
        var isGood = (int)answer.Status is >= 200 and < 300;
        // LM Studio answers what it does not know with status 200 and an error
        var words = ErrorOf(answer.Body);
        if (isGood && words is null) return null;
        return $"{answer.Path} was answered with {(isGood ? "an error" : $"status {(int)answer.Status}")}{(words is null ? "" : $": {words}")}";
    }

    // A model that is wholly in main memory is in nobody's way
    private static bool MayUseGpu(ResidentModel model) => model.VramBytes is not 0;

    private static string? ErrorOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var reader = new AnswerReader("");
            var words = reader.Text(json.RootElement, "error") ?? (reader.Object(json.RootElement, "error") is { } error ? reader.Text(error, "message") ?? "an error" : null);
            return words is null ? null : new string([.. words.Take(LongestWords).Select(c => char.IsControl(c) ? ' ' : c)]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
