using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>The addresses that turn text into numbers: never a stream.</summary>
internal sealed class EmbeddingApi(Exchange exchange)
{
    private const long TotalNanoseconds = 14_143_917, LoadNanoseconds = 1_019_500;

    public async Task AnswerAsync()
    {
        if (await exchange.JsonAsync() is not { } root) return;
        var question = Question.Read(exchange.Path, root);
        exchange.Seen.Model = question.Model;
        if (exchange.Server.Models.Find(question.Model) is not { } model)
        {
            await exchange.ErrorAsync(404, question.Model.Length == 0 ? "model is required" : $"model '{question.Model}' not found");
            return;
        }
        var script = exchange.Server.Script?.Invoke(exchange.Seen) ?? model.Reply;
        if (script.Refusal is { } refusal)
        {
            await exchange.ErrorAsync(refusal.Status, refusal.Error);
            return;
        }
        var loads = exchange.Server.Models.Use(model, question.KeepAlive, question.ContextLength);
        try
        {
            await new Pace(exchange.Aborted).WaitAsync((loads ? model.Load : TimeSpan.Zero) + script.Queue + script.Prefill);
            await AnswerAsync(root, model, question);
        }
        finally
        {
            exchange.Server.Models.Release(model);
        }
    }

    private Task AnswerAsync(JsonElement root, OllamaModel model, Question question)
    {
        var texts = Texts(root).ToList();
        var vectors = texts.ConvertAll(text => Vector(text, Question.Get(root, "dimensions")?.GetInt32() ?? model.EmbeddingLength));
        var tokens = texts.Sum(Question.Tokens);
        exchange.Seen.PromptTokens = tokens;
        return exchange.JsonAsync(exchange.Path switch
        {
            "/api/embeddings" => new Fields { { "embedding", vectors.Count > 0 ? vectors[0] : [] } },
            "/api/embed" => new Fields
            {
                { "model", question.Model }, { "embeddings", vectors }, { "total_duration", TotalNanoseconds }, { "load_duration", LoadNanoseconds },
                { "prompt_eval_count", tokens, Empty.Omitted },
            },
            _ => OpenAI(question.Model, vectors, tokens, Question.Text(root, "encoding_format") == "base64"),
        });
    }

    private static IEnumerable<string> Texts(JsonElement root) => (Question.Get(root, "input") ?? Question.Get(root, "prompt")) switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(item => item.ToString()),
        _ => [],
    };

    private static Fields OpenAI(string model, List<float[]> vectors, int tokens, bool asBytes) => new()
    {
        { "object", "list" },
        { "data", vectors.Select((vector, index) => new Fields { { "object", "embedding" }, { "embedding", asBytes ? Base64(vector) : vector }, { "index", index } }) },
        { "model", model },
        { "usage", new Fields { { "prompt_tokens", tokens }, { "total_tokens", tokens } } },
    };

    private static string Base64(float[] vector) => Convert.ToBase64String([.. vector.SelectMany(BitConverter.GetBytes)]);

    // Numbers that a float holds exactly, so that every language prints them alike
    private static float[] Vector(string text, int length)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return [.. Enumerable.Range(0, length).Select(index => (hash[index % hash.Length] - 127) / 128f)];
    }
}
