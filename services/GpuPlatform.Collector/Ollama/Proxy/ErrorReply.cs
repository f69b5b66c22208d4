using System.Buffers;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What the proxy itself answers when it cannot pass something on: in the shape in which the client's library reads errors.</summary>
internal static class ErrorReply
{
    public static async Task WriteAsync(HttpContext http, int status, string message)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) Write(json, FamilyOf(http.Request.Path), status, message);
        http.Response.Clear();
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            // A client that has gone takes nothing, which is no failure of this one
            await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, CancellationToken.None);
        }
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
        (LlmApi.OpenAI, StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden) => "invalid_request_error",
        _ => "api_error",
    };
}
