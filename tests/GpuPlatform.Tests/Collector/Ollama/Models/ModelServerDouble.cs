using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

/// <summary>A model server that answers by path what a test told it to, and 404 to the rest.</summary>
internal sealed class ModelServerDouble : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private int _underWay;
    private int _mostUnderWay;

    private ModelServerDouble(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>Paths in the order in which they were asked.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public int MostUnderWay => Volatile.Read(ref _mostUnderWay);

    /// <summary>Connections are broken off without an answer.</summary>
    public volatile bool IsAway;

    public static async Task<ModelServerDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ModelServerDouble(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    public ModelServerDouble Says(string path, string text, int status = 200) => Does(path, http =>
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text);
    });

    public ModelServerDouble Does(string path, Func<HttpContext, Task> answer)
    {
        _answers[path] = answer;
        return this;
    }

    /// <summary>Ollama with these models in memory.</summary>
    public ModelServerDouble Holds(params string[] models) => Says("/api/ps", $$"""{"models":[{{string.Join(',', models)}}]}""");

    public static string Model(string name, int context = 4096, string? expires = null, long size = 4_000_000_000, string digest = "aa") =>
        $$"""
        {"name":"{{name}}","model":"{{name}}","size":{{size}},"size_vram":{{size / 2}},"digest":"{{digest}}","context_length":{{context}},
         "expires_at":"{{expires ?? "2318-01-01T00:00:00Z"}}","details":{"family":"llama","parameter_size":"3.2B","quantization_level":"Q4_K_M"} }
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var underWay = Interlocked.Increment(ref _underWay);
        int most;
        while (underWay > (most = Volatile.Read(ref _mostUnderWay))) Interlocked.CompareExchange(ref _mostUnderWay, underWay, most);
        _asked.Enqueue(http.Request.Path);
        try
        {
            if (IsAway) http.Abort();
            else if (_answers.TryGetValue(http.Request.Path, out var answer)) await answer(http);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
