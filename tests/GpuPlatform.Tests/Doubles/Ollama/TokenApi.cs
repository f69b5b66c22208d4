using System.Text.Json;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>The addresses at which models make tokens.</summary>
internal sealed class TokenApi(Exchange exchange)
{
    /// <summary>What a runner that has gone says.</summary>
    private const string Failure = "an error was encountered while running the model: CUDA error: an illegal memory access was encountered";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BeforeBreak = TimeSpan.FromMilliseconds(100);
    private readonly Pace _pace = new(exchange.Aborted);

    public async Task AnswerAsync()
    {
        if (await exchange.JsonAsync() is not { } root) return;
        var question = Question.Read(exchange.Path, root);
        exchange.Seen.Model = question.Model;
        exchange.Seen.Streams = question.Streams;
        if (question.Model.Length == 0)
        {
            await exchange.ErrorAsync(400, "model is required");
            return;
        }
        if (exchange.Server.Models.Find(question.Model) is not { } model)
        {
            await exchange.ErrorAsync(404, $"model '{question.Model}' not found");
            return;
        }
        var script = exchange.Server.Script?.Invoke(exchange.Seen) ?? model.Reply;
        if (script.Refusal is { } refusal) await exchange.ErrorAsync(refusal.Status, refusal.Error);
        else await AnswerAsync(question, model, script);
    }

    private async Task AnswerAsync(Question question, OllamaModel model, ReplyScript script)
    {
        var chats = exchange.Path == "/api/chat";
        if (IsIdle(question.Root) && question.KeepAlive == TimeSpan.Zero)
        {
            exchange.Server.Models.Unload(question.Model);
            await exchange.JsonAsync(NativeDialect.Idle(Plan(question, model, script, loads: false), exchange.Server, chats, "unload"));
            return;
        }
        if (!model.Capabilities.Contains("completion"))
        {
            await exchange.ErrorAsync(400, $"\"{question.Model}\" does not support {(chats ? "chat" : "generate")}");
            return;
        }
        var loads = exchange.Server.Models.Use(model, question.KeepAlive, question.ContextLength);
        try
        {
            var answer = Plan(question, model, script, loads);
            if (IsIdle(question.Root))
            {
                if (loads) await _pace.WaitAsync(model.Load);
                await exchange.JsonAsync(NativeDialect.Idle(answer, exchange.Server, chats, "load"));
                return;
            }
            exchange.Seen.PromptTokens = answer.PromptTokens;
            exchange.Seen.CompletionTokens = 0;
            var dialect = Dialect.For(exchange.Path, answer, exchange.Server);
            await (question.Streams ? StreamAsync(answer, dialect) : WholeAsync(answer, dialect));
        }
        finally
        {
            exchange.Server.Models.Release(model);
        }
    }

    private Answer Plan(Question question, OllamaModel model, ReplyScript script, bool loads) =>
        new(question, model, script, loads, exchange.Server.CountAnswer(), exchange.Server.Now());

    // Nothing to answer: the request loads the model, or unloads it
    private bool IsIdle(JsonElement root) => exchange.Path switch
    {
        "/api/generate" => Question.Text(root, "prompt").Length == 0,
        "/api/chat" => Question.Get(root, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0,
        _ => false,
    };

    private async Task WholeAsync(Answer answer, Dialect dialect)
    {
        await _pace.WaitAsync(answer.Due(answer.Pieces.Count));
        switch (answer.Script.Break)
        {
            case StreamBreak.Reset or StreamBreak.Fin: exchange.Http.Abort(); return;
            case StreamBreak.Silence: await Pace.UntilAbortedAsync(Patience, exchange.Aborted); return;
            case StreamBreak.Error: await exchange.ErrorAsync(500, Failure); return;
        }
        exchange.Seen.CompletionTokens = answer.CompletionTokens;
        await exchange.JsonAsync(dialect.Whole());
    }

    private async Task StreamAsync(Answer answer, Dialect dialect)
    {
        using var stream = new ReplyStream(exchange, dialect.ContentType, answer.Script.ChunkBytes);
        var count = answer.Script.Break == StreamBreak.None ? answer.Pieces.Count : Math.Min(answer.Script.BreakAfter, answer.Pieces.Count);
        for (var index = 0; index < count; index++)
        {
            await _pace.WaitAsync(answer.Due(index));
            if (exchange.Server.Models.HasCrashed(answer.Model))
            {
                await BreakAsync(StreamBreak.Error, dialect, stream);
                stream.End();
                return;
            }
            stream.MarkPiece();
            await stream.WriteAsync(dialect.Piece(index));
            exchange.Seen.CompletionTokens = index + 1;
        }
        if (answer.Script.Break == StreamBreak.None) await EndAsync(answer, dialect, stream);
        else await BreakAsync(answer.Script.Break, dialect, stream);
        stream.End();
    }

    private async Task EndAsync(Answer answer, Dialect dialect, ReplyStream stream)
    {
        await _pace.WaitAsync(answer.Due(answer.Pieces.Count));
        exchange.Seen.CompletionTokens = answer.CompletionTokens;
        foreach (var ending in dialect.End()) await stream.WriteAsync(ending);
    }

    private async Task BreakAsync(StreamBreak kind, Dialect dialect, ReplyStream stream)
    {
        await Task.Delay(BeforeBreak, exchange.Aborted);
        switch (kind)
        {
            case StreamBreak.Reset: stream.Reset(); break;
            case StreamBreak.Fin: await stream.FinAsync(); break;
            case StreamBreak.Silence: await Pace.UntilAbortedAsync(Patience, exchange.Aborted); break;
            case StreamBreak.Error when dialect.Failure(Failure) is { } failure: await stream.WriteAsync(failure); break;
        }
    }
}
