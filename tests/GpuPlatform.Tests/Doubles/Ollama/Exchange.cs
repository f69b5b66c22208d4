using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>One request at the double and the means to answer it.</summary>
internal sealed class Exchange(OllamaDouble server, HttpContext http, SeenRequest seen)
{
    /// <summary>As Go's server: what a handler leaves behind in one go up to here has a length, more is chunked.</summary>
    private const int LengthLimit = 2048;
    private const int KeptBytes = 8 << 20;

    public OllamaDouble Server => server;

    public HttpContext Http => http;

    public SeenRequest Seen => seen;

    public string Path => http.Request.Path;

    public CancellationToken Aborted => http.RequestAborted;

    public async Task ReadBodyAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var kept = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(Aborted);
            foreach (var piece in read.Buffer)
            {
                hash.AppendData(piece.Span);
                seen.BodyBytes += piece.Length;
                if (kept.WrittenCount + piece.Length <= KeptBytes) kept.Write(piece.Span);
            }
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        seen.Body = kept.WrittenSpan.ToArray();
        seen.BodySha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        seen.ReceivedTimestamp = Stopwatch.GetTimestamp();
    }

    /// <summary>The body as a JSON object; null, an error was answered.</summary>
    public async Task<JsonElement?> JsonAsync()
    {
        try
        {
            var body = seen.Header("Content-Encoding") == "zstd" ? RawZstd.Unframe(seen.Body) : seen.Body;
            var root = JsonElement.Parse(body);
            if (root.ValueKind == JsonValueKind.Object) return root;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // Told below
        }
        await ErrorAsync(400, seen.BodyBytes == 0 ? "missing request body" : "invalid character in request body");
        return null;
    }

    /// <summary>One JSON document. Ollama's own has its charset; what is translated for another API ends with a line feed.</summary>
    public Task JsonAsync(object value, int status = 200) => IsTranslated
        ? WholeAsync(status, "application/json", [.. GoJson.Bytes(value), (byte)'\n'])
        : WholeAsync(status, "application/json; charset=utf-8", GoJson.Bytes(value));

    /// <summary>An error in the shape of the API that was asked.</summary>
    public Task ErrorAsync(int status, string? error) => error is null ? WholeAsync(status, null, []) : JsonAsync(ErrorShape(status, error), status);

    public Task TextAsync(string text, int status = 200) => WholeAsync(status, "text/plain", Encoding.UTF8.GetBytes(text));

    public Task StatusAsync(int status) => WholeAsync(status, null, []);

    private bool IsTranslated => Path.StartsWith("/v1/", StringComparison.Ordinal);

    private Fields ErrorShape(int status, string error)
    {
        if (Path == "/v1/messages")
        {
            var type = status switch { 400 => "invalid_request_error", 403 => "permission_error", 404 => "not_found_error", 503 => "overloaded_error", _ => "api_error" };
            return new() { { "type", "error" }, { "error", new Fields { { "type", type }, { "message", error } } }, { "request_id", $"req_{server.CountAnswer():x24}" } };
        }
        if (!IsTranslated) return new() { { "error", error } };
        var kind = status switch { 400 => "invalid_request_error", 404 => "not_found_error", _ => "api_error" };
        return new() { { "error", new Fields { { "message", error }, { "type", kind }, { "param", null }, { "code", null } } } };
    }

    private async Task WholeAsync(int status, string? contentType, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        var hasBody = body.Length > 0 && !HttpMethods.IsHead(http.Request.Method);
        if (body.Length <= LengthLimit && status is not 204) http.Response.ContentLength = body.Length;
        if (hasBody) await http.Response.BodyWriter.WriteAsync(body, Aborted);
        seen.ReplyBytes = hasBody ? body.Length : 0;
        seen.ReplySha256 = Convert.ToHexStringLower(SHA256.HashData(hasBody ? body : []));
    }
}
