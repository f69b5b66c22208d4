using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Models on their way to and from the disk: progress by the line, and uploads of any size.</summary>
internal sealed class TransferApi(Exchange exchange)
{
    private const int Steps = 5;
    private const string Unknown = "missing";

    public async Task AnswerAsync()
    {
        if (await exchange.JsonAsync() is not { } root) return;
        var question = Question.Read(exchange.Path, root);
        exchange.Seen.Model = question.Model;
        if (question.Model.Length == 0)
        {
            await exchange.ErrorAsync(400, "invalid model name");
            return;
        }
        var lines = Progress(question.Model, root).ToList();
        // A status can only be told before the first line
        var isWhole = Question.Get(root, "stream") is { ValueKind: JsonValueKind.False };
        if (isWhole || ErrorOf(lines[0]) is not null)
        {
            var error = lines.Select(ErrorOf).FirstOrDefault(words => words is not null);
            await (error is { } words ? exchange.ErrorAsync(500, words) : exchange.JsonAsync(lines[^1]));
            return;
        }
        using var stream = new ReplyStream(exchange, Dialect.Lines);
        var script = exchange.Server.Script?.Invoke(exchange.Seen);
        foreach (var line in lines)
        {
            await new Pace(exchange.Aborted).WaitAsync(script?.Prefill ?? TimeSpan.Zero);
            await stream.WriteAsync((byte[])[.. GoJson.Bytes(line), (byte)'\n']);
        }
        stream.End();
    }

    /// <summary>A file by its digest: whether it is there, or the file itself.</summary>
    public static Task BlobAsync(Exchange exchange, string digest)
    {
        var blobs = exchange.Server.Blobs;
        if (HttpMethods.IsHead(exchange.Http.Request.Method)) return exchange.StatusAsync(blobs.Contains(digest) ? 200 : 404);
        if (blobs.Contains(digest)) return exchange.StatusAsync(200);
        var got = "sha256:" + exchange.Seen.BodySha256;
        if (got != digest) return exchange.ErrorAsync(400, $"digest mismatch, expected \"{digest}\", got \"{got}\"");
        blobs.Add(digest);
        return exchange.StatusAsync(201);
    }

    private IEnumerable<Fields> Progress(string name, JsonElement root)
    {
        var model = exchange.Server.Models.Find(name);
        return exchange.Path switch
        {
            "/api/pull" when name.StartsWith(Unknown, StringComparison.Ordinal) => [Status("pulling manifest"), Error("pull model manifest: file does not exist")],
            "/api/pull" => Pull(name),
            "/api/push" when model is null => [Status("retrieving manifest"), Error($"model '{name}' not found")],
            "/api/push" => [Status("retrieving manifest"), .. Transfer("pushing", model), Status("pushing manifest"), Status("success")],
            _ => Create(name, root),
        };
    }

    private IEnumerable<Fields> Pull(string name)
    {
        var model = exchange.Server.Models.Find(name) ?? new OllamaModel(name);
        exchange.Server.Models.Put(model);
        return [Status("pulling manifest"), .. Transfer("pulling", model), Status("verifying sha256 digest"), Status("writing manifest"), Status("success")];
    }

    private IEnumerable<Fields> Create(string name, JsonElement root)
    {
        var from = Question.Text(root, "from");
        if (from.Length > 0 && exchange.Server.Models.Find(from) is null) return [Error($"model '{from}' not found")];
        var model = exchange.Server.Models.Find(from) ?? new OllamaModel(name);
        exchange.Server.Models.Put(model with { Name = name });
        return [Status($"using existing layer sha256:{model.Digest}"), Status("writing manifest"), Status("success")];
    }

    private static IEnumerable<Fields> Transfer(string verb, OllamaModel model) => Enumerable.Range(0, Steps + 1).Select(step => new Fields
    {
        { "status", $"{verb} {model.Digest[..12]}" }, { "digest", "sha256:" + model.Digest }, { "total", model.SizeBytes },
        { "completed", model.SizeBytes / Steps * step, Empty.Omitted },
    });

    private static string? ErrorOf(Fields line) => line.FirstOrDefault(field => field.Name == "error").Value as string;

    private static Fields Status(string words) => new() { { "status", words } };

    private static Fields Error(string words) => new() { { "error", words } };
}
