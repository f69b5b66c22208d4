using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Api;
using GpuPlatform.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Capture;

/// <summary>Looks for what was said everywhere the collector writes: messages, logs at their most talkative, spans, metrics and answers.</summary>
public sealed class PrivacyTests : IDisposable
{
    private const string Prompt = "PROMPT-7f3a91";
    private const string Reply = "REPLY-9c1d44";
    private const string Secret = "hunter2-hunter2-hunter2";

    private const string Breaks = "?break";
    private const string Garbage = "?garbage";
    private const string Echoes = "?echo";

    // Streams of two kinds, one of them with usage put in; then what goes wrong in ways in which bodies could find their way into an error's text
    private static readonly string[] Ways = ["/api/chat", "/v1/chat/completions", "/api/chat" + Garbage, "/api/chat" + Breaks, "/v1/chat/completions" + Echoes];

    private readonly TemporaryTree _tree = new();
    private readonly ConcurrentBag<string> _logs = [];
    private readonly ConcurrentBag<string> _spans = [];

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task No_word_of_prompt_or_reply_is_anywhere_unless_somebody_switched_that_on()
    {
        var (messages, answers) = await AskAsync(captures: false);
        Assert.DoesNotContain(Said([messages, answers, .. _logs, .. _spans]), _ => true);
    }

    [Fact]
    public async Task What_was_said_is_in_the_record_where_that_is_switched_on_and_credentials_and_the_rest_stay_without()
    {
        var (messages, answers) = await AskAsync(captures: true);
        Assert.All([messages, answers], text => Assert.True(text.Contains(Prompt, StringComparison.Ordinal) && text.Contains(Reply, StringComparison.Ordinal), text));
        Assert.DoesNotContain(Said([.. _logs, .. _spans]), _ => true);
        Assert.DoesNotContain(Secret, messages + answers, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Said(IEnumerable<string> texts) => texts.Where(text => new[] { Prompt, Reply, Secret }.Any(word => text.Contains(word, StringComparison.Ordinal)));

    private async Task<(string Messages, string Answers)> AskAsync(bool captures)
    {
        await using var upstream = await UpstreamAsync();
        using var spans = Listen();
        await using var host = await CollectorHost.StartAsync(null,
            ("Sampling:Interval", "00:00:01"), ("Ollama:Listen", "http://127.0.0.1:0"), ("Ollama:Upstream", upstream.Urls.First()), ("Ollama:CaptureContent", $"{captures}"),
            ("ConnectionStrings:messaging", "amqp://guest:guest@127.0.0.1:1"), ("Uplink:SpoolPath", _tree.Root), ("Logging:LogLevel:Default", "Trace"));
        host.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(new LogBook(_logs));
        var proxy = host.App.Services.GetRequiredService<ProxyHost>().AddressOf(ModelServer.Ollama)!;
        foreach (var path in Ways) await AskAsync(host.Client, new Uri(proxy, path));

        var recent = host.App.Services.GetRequiredService<RecentRequests>();
        await Until.True(() => recent.Find(new RecentFilter(100)).Count == Ways.Length);
        var records = recent.Find(new RecentFilter(100));
        Assert.Equal([LlmOutcome.Ok, LlmOutcome.Ok, LlmOutcome.Failed, LlmOutcome.Failed, LlmOutcome.Failed], records.Reverse().Select(record => record.Outcome));
        await Until.True(() => Spooled() is var spooled && records.All(record => spooled.Contains($"{record.RequestId}", StringComparison.Ordinal)));
        return (Spooled(), await AnswersAsync(host, records));
    }

    private static async Task AskAsync(HttpClient client, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent($$"""{"model":"m:1b","stream":true,"messages":[{"role":"user","content":"{{Prompt}}"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Secret}");
        request.Headers.TryAddWithoutValidation("Cookie", $"session={Secret}");
        try
        {
            using var reply = await client.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();
            // What breaks may have broken before its first byte
            if (address.Query != Breaks) Assert.Contains(Reply, text, StringComparison.Ordinal);
        }
        catch (Exception e) when (address.Query == Breaks && e is HttpRequestException or IOException)
        {
            // As it should
        }
    }

    private static async Task<string> AnswersAsync(CollectorHost host, IEnumerable<LlmRequestCompleted> records)
    {
        var texts = new StringBuilder();
        foreach (var path in records.Select(record => $"{Routes.LlmRequests}/{record.RequestId}").Concat([Routes.LlmRequests, Routes.LlmInFlight, Routes.LlmModels, Routes.Health, "/metrics"]))
        {
            using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode);
            texts.AppendLine(await answer.Content.ReadAsStringAsync());
        }
        return texts.ToString();
    }

    private string Spooled()
    {
        var text = new StringBuilder();
        // The other file in it belongs to the collector alone, and holds a place in this one
        foreach (var path in Directory.EnumerateFiles(_tree.Root, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "position"))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            text.Append(reader.ReadToEnd());
        }
        return text.ToString();
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _spans.Add($"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task<WebApplication> UpstreamAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            if (http.Request.QueryString.Value == Echoes)
            {
                (http.Response.StatusCode, http.Response.ContentType) = (422, "text/plain");
                await http.Response.WriteAsync($$"""{"detail":[{"msg":"field required","input":"{{Prompt}} {{Reply}}"}]}""");
                return;
            }
            if (http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            {
                http.Response.ContentType = "text/event-stream";
                await http.Response.WriteAsync($$"""data: {"choices":[{"index":0,"delta":{"content":"{{Reply}}"},"finish_reason":"stop"}],"usage":null}""" + "\n\n");
                await http.Response.WriteAsync("""data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""" + "\n\ndata: [DONE]\n\n");
                return;
            }
            http.Response.ContentType = "application/x-ndjson";
            if (http.Request.QueryString.Value == Garbage)
            {
                await http.Response.WriteAsync($"{Prompt} {{ {Reply}\n");
                return;
            }
            await http.Response.WriteAsync($$"""{"model":"m:1b","message":{"role":"assistant","content":"{{Reply}}"},"done":false}""" + "\n");
            if (http.Request.QueryString.Value == Breaks)
            {
                await http.Response.Body.FlushAsync();
                http.Abort();
                return;
            }
            await http.Response.WriteAsync("""{"model":"m:1b","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":1}""" + "\n");
        });
        await app.StartAsync();
        return app;
    }

    private sealed class LogBook(ConcurrentBag<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Add($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
