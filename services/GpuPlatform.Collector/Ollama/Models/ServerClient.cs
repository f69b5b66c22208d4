using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>
/// Asks one model server short questions over a kept connection, or at most <paramref name="mostConnections"/>. Whatever it does, an answer is bounded in
/// time and in size.
/// </summary>
internal sealed class ServerClient(Uri upstream, TimeProvider time, int mostConnections = 1) : IDisposable
{
    public const int LargestAnswerBytes = 8 << 20;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // A question every few seconds is nothing that a trace should hold
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = mostConnections,
        MaxResponseDrainSize = 0,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
    });

    /// <summary>The answer, whatever its status.</summary>
    /// <exception cref="ServerProblem">There is none.</exception>
    public async Task<ServerAnswer> GetAsync(string path, CancellationToken cancellation, TimeSpan? patience = null)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(upstream, path));
        return await AskAsync(question, path, patience ?? Patience, cancellation);
    }

    /// <summary>Posts a JSON document, or nothing; the answer, whatever its status.</summary>
    /// <exception cref="ServerProblem">There is none.</exception>
    public async Task<ServerAnswer> PostAsync(string path, ReadOnlyMemory<byte> json, TimeSpan patience, CancellationToken cancellation)
    {
        using var question = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, path)) { Content = new ReadOnlyMemoryContent(json) };
        if (!json.IsEmpty) question.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await AskAsync(question, path, patience, cancellation);
    }

    /// <summary>The answer as JSON; null when there is none, as of a server that does not have this path.</summary>
    public async Task<JsonDocument?> TryGetJsonAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await GetAsync(path, cancellation)).ToJson();
        }
        catch (ServerProblem)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ServerAnswer> AskAsync(HttpRequestMessage question, string path, TimeSpan patience, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var answer = await _http.SendAsync(question, either.Token);
            var body = await ReadAsync(path, answer.Content, either.Token);
            // An answer may have megabytes, and what is done with it must not be done where sockets are listened to
            await Task.Yield();
            return new ServerAnswer(path, answer.StatusCode, body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ServerProblem($"{path} was not answered within {patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ServerProblem(WordsOf(e), e);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, HttpContent content, CancellationToken cancellation)
    {
        var body = new byte[Math.Clamp(content.Headers.ContentLength ?? 0, 4 << 10, 64 << 10)];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        while (await stream.ReadAsync(body.AsMemory(length), cancellation) is var read and > 0)
        {
            length += read;
            if (length < body.Length) continue;
            if (length >= LargestAnswerBytes) throw new ServerProblem($"{path} was answered with more than {LargestAnswerBytes >> 20} MiB") { Answered = true };
            Array.Resize(ref body, Math.Min(length * 2, LargestAnswerBytes));
        }
        return body.AsMemory(0, length);
    }

    private static string WordsOf(Exception exception) => exception.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nothing listens there",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "its name is not known",
        var cause => cause.Message,
    };
}

/// <summary>What a model server answered.</summary>
internal sealed record ServerAnswer(string Path, HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>The answer as JSON.</summary>
    /// <exception cref="ServerProblem">It is an error, or no JSON.</exception>
    public JsonDocument ToJson()
    {
        if (Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new ServerProblem($"{Path} was refused with status {(int)Status}: its models are not known") { Answered = true };
        if (Status != HttpStatusCode.OK) throw new ServerProblem($"{Path} was answered with status {(int)Status}") { Answered = true };
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw new ServerProblem($"{Path} was not answered with JSON") { Answered = true };
        }
    }
}
