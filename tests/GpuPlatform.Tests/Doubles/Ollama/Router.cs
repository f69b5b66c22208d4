using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Every address that Ollama has.</summary>
internal static class Router
{
    private const string BlobFolder = "/api/blobs/", ModelFolder = "/v1/models/";

    public static Task AnswerAsync(Exchange exchange)
    {
        var method = HttpMethods.GetCanonicalizedValue(exchange.Http.Request.Method);
        return Find(exchange, method) is { } answer ? answer()
            : ((string[])["GET", "POST", "DELETE", "HEAD"]).Any(other => Find(exchange, other) is not null) ? exchange.TextAsync("405 method not allowed", 405)
            : exchange.TextAsync("404 page not found", 404);
    }

    private static Func<Task>? Find(Exchange exchange, string method) => (method, exchange.Path) switch
    {
        ("GET" or "HEAD", "/") => () => exchange.TextAsync("Ollama is running"),
        ("GET" or "HEAD", "/api/version") => () => exchange.JsonAsync(new Fields { { "version", exchange.Server.Version } }),
        ("POST", "/api/generate" or "/api/chat" or "/v1/chat/completions" or "/v1/completions" or "/v1/responses" or "/v1/messages") =>
            () => new TokenApi(exchange).AnswerAsync(),
        ("POST", "/api/embed" or "/api/embeddings" or "/v1/embeddings") => () => new EmbeddingApi(exchange).AnswerAsync(),
        ("GET" or "HEAD", "/api/tags") => () => new ModelApi(exchange).TagsAsync(),
        ("GET" or "HEAD", "/api/ps") => () => new ModelApi(exchange).ResidentsAsync(),
        ("GET", "/v1/models") => () => new ModelApi(exchange).OpenAIModelsAsync(),
        ("GET", var path) when path.StartsWith(ModelFolder, StringComparison.Ordinal) => () => new ModelApi(exchange).OpenAIModelAsync(path[ModelFolder.Length..]),
        ("POST", "/api/show") => () => new ModelApi(exchange).ShowAsync(),
        ("POST", "/api/copy") => () => new ModelApi(exchange).CopyAsync(),
        ("DELETE", "/api/delete") => () => new ModelApi(exchange).DeleteAsync(),
        ("POST", "/api/pull" or "/api/push" or "/api/create") => () => new TransferApi(exchange).AnswerAsync(),
        ("POST" or "HEAD", var path) when path.StartsWith(BlobFolder, StringComparison.Ordinal) => () => TransferApi.BlobAsync(exchange, path[BlobFolder.Length..]),
        _ => null,
    };
}
