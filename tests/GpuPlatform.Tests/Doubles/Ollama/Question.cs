using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>A request for tokens, whatever API it came by.</summary>
internal sealed partial record Question
{
    public required JsonElement Root { get; init; }

    public required string Model { get; init; }

    public required bool Streams { get; init; }

    /// <summary>All that the model has to read.</summary>
    public required string Prompt { get; init; }

    /// <summary>Null, the request does not say; Ollama's own API alone can.</summary>
    public TimeSpan? KeepAlive { get; init; }

    public int? ContextLength { get; init; }

    /// <summary>Tokens after which the answer is cut.</summary>
    public int? Limit { get; init; }

    public bool Thinks { get; init; } = true;

    public bool IncludesUsage { get; init; }

    public static Question Read(string path, JsonElement root) => new()
    {
        Root = root,
        Model = Text(root, "model") is { Length: > 0 } model ? model : Text(root, "name"),
        Streams = Get(root, "stream") is { ValueKind: JsonValueKind.True or JsonValueKind.False } stream
            ? stream.GetBoolean()
            : path is "/api/generate" or "/api/chat",
        Prompt = Words(Get(root, "system"), Get(root, "instructions"), Get(root, "messages"), Get(root, "prompt"), Get(root, "input")),
        KeepAlive = path.StartsWith("/api/", StringComparison.Ordinal) ? Duration(Get(root, "keep_alive")) : null,
        ContextLength = Number(Get(root, "options"), "num_ctx"),
        Limit = Number(Get(root, "options"), "num_predict") ?? Number(root, "max_tokens") ?? Number(root, "max_completion_tokens") ?? Number(root, "max_output_tokens"),
        Thinks = Get(root, "think") is not { ValueKind: JsonValueKind.False } && Text(Get(root, "thinking"), "type") != "disabled",
        IncludesUsage = Get(Get(root, "stream_options"), "include_usage") is { ValueKind: JsonValueKind.True },
    };

    /// <summary>A token for every four bytes, as good a count as any that is always the same.</summary>
    public static int Tokens(string text) => text.Length == 0 ? 0 : Math.Max(1, (Encoding.UTF8.GetByteCount(text) + 3) / 4);

    public static JsonElement? Get(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Text(JsonElement? parent, string name) => Get(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static int? Number(JsonElement? parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    private static string Words(params IEnumerable<JsonElement?> parts) => string.Concat(parts.Select(Words));

    private static string Words(JsonElement? part) => part switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } list => string.Concat(list.EnumerateArray().Select(item => Words(item))),
        { ValueKind: JsonValueKind.Object } fields => Words(Get(fields, "content"), Get(fields, "text")),
        _ => "",
    };

    /// <summary>A number is seconds, a string a Go duration; below zero is for ever.</summary>
    private static TimeSpan? Duration(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } seconds => TimeSpan.FromSeconds(seconds.GetDouble()),
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
        { ValueKind: JsonValueKind.String } text => GoDuration(text.GetString()!),
        _ => null,
    };

    private static TimeSpan GoDuration(string text)
    {
        var sum = TimeSpan.Zero;
        foreach (Match part in DurationPart().Matches(text))
        {
            var amount = double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            sum += part.Groups[2].Value switch { "h" => TimeSpan.FromHours(amount), "m" => TimeSpan.FromMinutes(amount), "s" => TimeSpan.FromSeconds(amount), _ => TimeSpan.FromMilliseconds(amount) };
        }
        return text.StartsWith('-') ? -sum : sum;
    }

    [GeneratedRegex("([0-9.]+)(ms|h|m|s)")]
    private static partial Regex DurationPart();
}
