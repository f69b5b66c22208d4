using System.Buffers;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What the proxy itself answers when it cannot pass something on: in the shape in which the client's library reads errors.</summary>
internal static class ErrorReply
{
    private const string Responses = "/v1/responses";

    /// <summary>Answers with an error in place of a reply.</summary>
    /// <param name="http">The client.</param>
    /// <param name="status">Its status.</param>
    /// <param name="message">Its words.</param>
    /// <param name="retryAfter">When to ask again; null, nothing is said of it.</param>
    public static async Task WriteAsync(HttpContext http, int status, string message, TimeSpan? retryAfter = null)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) Write(json, FamilyOf(http.Request.Path), status, message);
        http.Response.Clear();
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        if (retryAfter is { } wait) http.Response.Headers.RetryAfter = $"{wait.TotalSeconds:0}";
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            // A client that has gone takes nothing, which is no failure of this one
            await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, CancellationToken.None);
        }
    }

    /// <summary>Tells an error in a stream of server-sent events that has begun, as its last event.</summary>
    public static async Task WriteEventAsync(HttpContext http, int status, string message)
    {
        var family = FamilyOf(http.Request.Path);
        var isNamed = family == LlmApi.Anthropic || http.Request.Path == Responses;
        var text = new ArrayBufferWriter<byte>();
        text.Write(isNamed ? "event: error\ndata: "u8 : "data: "u8);
        using (var json = new Utf8JsonWriter(text))
        {
            if (http.Request.Path == Responses) WriteResponsesError(json, message);
            else Write(json, family, status, message);
        }
        text.Write("\n\n"u8);
        await http.Response.BodyWriter.WriteAsync(text.WrittenMemory, CancellationToken.None);
    }

    private static void WriteResponsesError(Utf8JsonWriter json, string message)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteNull("code");
        json.WriteString("message", message);
        json.WriteNull("param");
        json.WriteNumber("sequence_number", 0);
        json.WriteEndObject();
    }

    private static LlmApi FamilyOf(PathString path) =>
        path.StartsWithSegments("/v1/messages", StringComparison.Ordinal) ? LlmApi.Anthropic
        : path.StartsWithSegments("/v1", StringComparison.Ordinal) ? LlmApi.OpenAI
        : LlmApi.Ollama;

    private static void Write(Utf8JsonWriter json, LlmApi family, int status, string message)
    {
        json.WriteStartObject();
        if (family == LlmApi.Ollama)
        {
            json.WriteString("error", message);
        }
        else
        {
            if (family == LlmApi.Anthropic) json.WriteString("type", "error");
            json.WriteStartObject("error");
            json.WriteString("type", TypeOf(family, status));
            json.WriteString("message", message);
            if (family == LlmApi.OpenAI)
            {
                json.WriteNull("param");
                json.WriteNull("code");
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string TypeOf(LlmApi family, int status) => (family, status) switch
    {
        (LlmApi.Anthropic, StatusCodes.Status401Unauthorized) => "authentication_error",
        (LlmApi.Anthropic, StatusCodes.Status403Forbidden) => "permission_error",
        (LlmApi.Anthropic, StatusCodes.Status503ServiceUnavailable) => "overloaded_error",
        (LlmApi.OpenAI, StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden) => "invalid_request_error",
        _ => "api_error",
    };
}
